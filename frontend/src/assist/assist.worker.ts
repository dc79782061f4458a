/** Grows and fits away from the page. */

import { expose } from "comlink";
import { answerClick } from "./one-click";

const assistants = { oneClick: answerClick };

export type Assistants = typeof assistants;

expose(assistants);

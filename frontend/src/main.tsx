/** Where the workspace starts in the browser. */

import { render } from "preact";
import { App } from "./app/app";
import "./styles/workspace.css";

const root = document.getElementById("workspace");
const taskId = Number(root?.dataset["task"]);
if (root && Number.isInteger(taskId)) render(<App taskId={taskId} />, root);

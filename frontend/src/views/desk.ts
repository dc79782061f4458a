/** What every part of the screen is handed: the bench with the labels, the way of looking, the canvas. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Finding, SensorKey, Vec3 } from "../core/types";
import type { FaceName } from "../math/cuboid";
import type { Bench } from "../tools/bench";
import type { Numbering } from "../tools/numbering";
import type { ShownBoxes } from "./shown-boxes";
import type { StageHost } from "./stage-host";
import type { ViewState } from "./view-state";

export interface Desk {
  readonly bench: Bench;
  readonly view: ViewState;
  readonly host: StageHost;
  readonly numbering: Numbering;
  readonly boxes: ShownBoxes;
  readonly evidence: Evidence;
  /** The camera that sees the chosen object best. */
  readonly bestCamera: ReadonlySignal<SensorKey | null>;
  /** The server's findings and what the browser found itself, open and dismissed. */
  readonly findings: ReadonlySignal<readonly Finding[]>;
  /** A line of sight drawn in the main view: what a pixel of an image looks along; ego frame. */
  readonly ray: Signal<readonly [Vec3, Vec3] | null>;
}

/** What holds the faces of the chosen box. */
export interface Evidence {
  readonly assumed: ReadonlySignal<ReadonlySet<FaceName>>;
  /** Points in the chosen box. */
  readonly inside: ReadonlySignal<number>;
}

const DeskContext = createContext<Desk | null>(null);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("this part stands outside of the desk");
  return desk;
}

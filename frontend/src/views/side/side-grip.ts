/** Which handle a hand takes hold of: strips run across the whole view, so nobody has to aim at the box. */

import type { CornerSide, EdgeSide, Handle } from "../../tools/side-drag";
import type { Screen } from "../lens";
import type { SideShape } from "./side-shape";

/** Half the width of an edge's strip. */
export const STRIP_PX = 10;
export const CORNER_PX = 12;
export const CENTER_PX = 15;
const KNOB_PX = 14;
const SHAFT_PX = 7;
/** How far the heading's knob stands beyond the nose, out of the front edge's strip. */
const BEYOND_PX = 24;
const LEAST_BEYOND_PX = 8;
const BORDER_PX = 9;

/** Where the heading is taken hold of. */
export function headingKnob({ center, nose }: SideShape): Screen | null {
  if (!nose) return null;
  const [dx, dy] = [nose[0] - center[0], nose[1] - center[1]];
  const length = Math.max(Math.hypot(dx, dy), 1);
  // In a low view the knob comes nearer, or it would stand beyond the border.
  const beyond = Math.min(BEYOND_PX, Math.max(nose[1] - BORDER_PX, LEAST_BEYOND_PX));
  return [nose[0] + (dx / length) * beyond, nose[1] + (dy / length) * beyond];
}

function near(a: Screen, b: Screen, reach: number): boolean {
  return Math.hypot(a[0] - b[0], a[1] - b[1]) <= reach;
}

function distanceToSegment(at: Screen, a: Screen, b: Screen): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy || 1;
  const share = ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / length;
  const t = Math.min(Math.max(share, 0), 1);
  return Math.hypot(at[0] - a[0] - dx * t, at[1] - a[1] - dy * t);
}

function cornerAt(shape: SideShape, [x, y]: Screen): CornerSide | null {
  const across = nearest(["left", "right"], shape, x);
  const along = nearest(["top", "bottom"], shape, y);
  const reach = cornerReach(shape);
  const hits = Math.abs(shape[across] - x) <= reach && Math.abs(shape[along] - y) <= reach;
  return hits ? [across, along] : null;
}

function nearest<K extends EdgeSide>(sides: readonly [K, K], shape: SideShape, at: number): K {
  const [a, b] = sides;
  return Math.abs(shape[a] - at) <= Math.abs(shape[b] - at) ? a : b;
}

function edgeAt(shape: SideShape, [x, y]: Screen): EdgeSide | null {
  const across = nearest(["left", "right"], shape, x);
  const along = nearest(["top", "bottom"], shape, y);
  const [offX, offY] = [Math.abs(shape[across] - x), Math.abs(shape[along] - y)];
  if (Math.min(offX, offY) > STRIP_PX) return null;
  return offX <= offY ? across : along;
}

/** The corners of a small box must not cover its middle. */
function cornerReach({ left, right, top, bottom }: SideShape): number {
  return Math.min(CORNER_PX, Math.max(Math.min(right - left, bottom - top) * 0.3, 3));
}

/** Small boxes leave no room between their edges: there the centre gives way. */
function centerReach({ left, right, top, bottom }: SideShape): number {
  const room = Math.min(right - left, bottom - top) / 2 - STRIP_PX;
  return Math.min(CENTER_PX, Math.max(room, 4));
}

export function handleAt(shape: SideShape, at: Screen): Handle | null {
  const knob = headingKnob(shape);
  if (knob && near(at, knob, KNOB_PX)) return { kind: "heading" };
  const corner = cornerAt(shape, at);
  if (corner) return { kind: "corner", sides: corner };
  if (near(at, shape.center, centerReach(shape))) return { kind: "center" };
  const edge = edgeAt(shape, at);
  if (edge) return { kind: "edge", side: edge };
  const onShaft = knob !== null && distanceToSegment(at, shape.center, knob) <= SHAFT_PX;
  return onShaft ? { kind: "heading" } : null;
}

export function cursorOf(handle: Handle | null): string {
  if (!handle) return "default";
  if (handle.kind === "center") return "move";
  if (handle.kind === "heading") return "grab";
  if (handle.kind === "edge") {
    return handle.side === "left" || handle.side === "right" ? "ew-resize" : "ns-resize";
  }
  const [across, along] = handle.sides;
  return (across === "left") === (along === "top") ? "nwse-resize" : "nesw-resize";
}

/** Drags of a 2D box: its sides, its corners, all of it. Pixels of the picture. */

import type { BoxPx } from "../math/iou";

export type BoxGrip = {
  readonly h: "left" | "right" | null;
  readonly v: "top" | "bottom" | null;
};

/** All of the box. */
export const WHOLE: BoxGrip = { h: null, v: null };
const SMALLEST_PX = 2;

/** What of a box is within reach of a place; null when nothing is. Its inside is the whole. */
export function gripAt(
  box: BoxPx,
  [x, y]: readonly [number, number],
  reach: number,
): BoxGrip | null {
  const [x0, y0, x1, y1] = box;
  const inX = x >= x0 - reach && x <= x1 + reach;
  const inY = y >= y0 - reach && y <= y1 + reach;
  if (!inX || !inY) return null;
  const h = nearest(x, x0, x1, reach);
  const v = nearest(y, y0, y1, reach);
  return {
    h: h === null ? null : h === 0 ? "left" : "right",
    v: v === null ? null : v === 0 ? "top" : "bottom",
  };
}

function nearest(at: number, low: number, high: number, reach: number): 0 | 1 | null {
  const [a, b] = [Math.abs(at - low), Math.abs(at - high)];
  if (Math.min(a, b) > reach) return null;
  return a <= b ? 0 : 1;
}

export interface Bounds {
  readonly width: number;
  readonly height: number;
}

/** The box after a drag, within the picture. */
export function draggedBox(
  box: BoxPx,
  grip: BoxGrip,
  [dx, dy]: readonly [number, number],
  bounds: Bounds,
): BoxPx {
  const [x0, y0, x1, y1] = box;
  if (!grip.h && !grip.v) {
    const mx = Math.min(Math.max(dx, -0.5 - x0), bounds.width - 0.5 - x1);
    const my = Math.min(Math.max(dy, -0.5 - y0), bounds.height - 0.5 - y1);
    return [x0 + mx, y0 + my, x1 + mx, y1 + my];
  }
  return [
    grip.h === "left" ? clamp(x0 + dx, -0.5, x1 - SMALLEST_PX) : x0,
    grip.v === "top" ? clamp(y0 + dy, -0.5, y1 - SMALLEST_PX) : y0,
    grip.h === "right" ? clamp(x1 + dx, x0 + SMALLEST_PX, bounds.width - 0.5) : x1,
    grip.v === "bottom" ? clamp(y1 + dy, y0 + SMALLEST_PX, bounds.height - 0.5) : y1,
  ];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** The box between two places, within the picture; null when it is too small to be meant. */
export function drawnBox(
  a: readonly [number, number],
  b: readonly [number, number],
  bounds: Bounds,
): BoxPx | null {
  const x = (value: number) => clamp(value, -0.5, bounds.width - 0.5);
  const y = (value: number) => clamp(value, -0.5, bounds.height - 0.5);
  const box: BoxPx = [
    x(Math.min(a[0], b[0])),
    y(Math.min(a[1], b[1])),
    x(Math.max(a[0], b[0])),
    y(Math.max(a[1], b[1])),
  ];
  return box[2] - box[0] < SMALLEST_PX || box[3] - box[1] < SMALLEST_PX ? null : box;
}

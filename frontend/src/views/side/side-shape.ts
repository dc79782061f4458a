/** Where the box and its handles stand in a side view, in pixels. */

import type { Cuboid } from "../../core/types";
import { corners, type FaceName, fromBody } from "../../math/cuboid";
import type { EdgeSide } from "../../tools/side-drag";
import { SIDE_PLANS, type SideName } from "../../tools/side-plans";
import { clipOf, type ParallelLens, type Screen, type Size, screenOf } from "../lens";

export interface SideShape {
  /** Bounds of the box on the view. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly center: Screen;
  /** The outline where the box is turned against the view. */
  readonly outline: readonly Screen[];
  /** From the centre to the middle of the front, in the top view. */
  readonly nose: Screen | null;
}

const NOWHERE: Screen = [0, 0];

export function sideShape(
  side: SideName,
  lens: ParallelLens,
  size: Size,
  cuboid: Cuboid,
): SideShape {
  const clip = clipOf(lens, size);
  const at = (point: readonly [number, number, number]) => screenOf(clip, size, point) ?? NOWHERE;
  const places = corners(cuboid).map(at);
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const front: Screen | null =
    side === "top" ? at(fromBody(cuboid, [cuboid.size_m[0] / 2, 0, 0])) : null;
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    center: at(cuboid.center_m),
    outline: outlineOf(side, cuboid).map(at),
    nose: front,
  };
}

function outlineOf(
  side: SideName,
  cuboid: Cuboid,
): readonly (readonly [number, number, number])[] {
  const { across, along } = SIDE_PLANS[side];
  const [a, b] = [cuboid.size_m[across] / 2, cuboid.size_m[along] / 2];
  const turns = [
    [a, b],
    [a, -b],
    [-a, -b],
    [-a, b],
  ] as const;
  return turns.map(([u, v]) => {
    const offset: [number, number, number] = [0, 0, 0];
    offset[across] = u;
    offset[along] = v;
    return fromBody(cuboid, offset);
  });
}

export const EDGE_SIDES: readonly EdgeSide[] = ["left", "right", "top", "bottom"];

export function faceAt(side: SideName, edge: EdgeSide): FaceName {
  return SIDE_PLANS[side].faces[edge];
}

/** A small dot on the border, in the direction in which a sensor stands. */
export function borderDot(
  lens: ParallelLens,
  size: Size,
  point: readonly [number, number, number],
): Screen | null {
  const at = screenOf(clipOf(lens, size), size, point);
  if (!at) return null;
  const [dx, dy] = [at[0] - size.width / 2, at[1] - size.height / 2];
  const reach = Math.max(
    Math.abs(dx) / (size.width / 2 - 6),
    Math.abs(dy) / (size.height / 2 - 6),
  );
  if (reach < 1) return at;
  return [size.width / 2 + dx / reach, size.height / 2 + dy / reach];
}

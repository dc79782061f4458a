/** The lines and faces of cuboids for the canvas, and their outline on a 2D overlay. */

import type { Cuboid, Vec3 } from "../core/types";
import { corners, EDGES, FACES, type FaceName } from "../math/cuboid";
import type { Fill } from "../render/fill-layer";
import type { Line } from "../render/line-layer";
import type { Rgb } from "../render/palettes";
import { type Screen, type Size, segmentOf } from "./lens";

export interface BoxLook {
  readonly colour: Rgb;
  readonly alpha: number;
  readonly width_px: number;
  readonly dash_px: number;
}

const FRONT = FACES.find((face) => face.name === "front");
const ORIGIN: Vec3 = [0, 0, 0];

export function boxLines(cuboid: Cuboid, look: BoxLook): readonly Line[] {
  const points = corners(cuboid);
  const { colour, alpha, width_px, dash_px } = look;
  return EDGES.map(([from, to]) => ({
    from_m: points[from] ?? ORIGIN,
    to_m: points[to] ?? ORIGIN,
    colour,
    alpha,
    width_px,
    dash_px,
  }));
}

/** The front face, faintly filled: where the box is heading. */
export function frontFill(cuboid: Cuboid, colour: Rgb, alpha: number): Fill {
  return { corners_m: faceCorners(cuboid, "front"), colour, alpha };
}

export function faceCorners(cuboid: Cuboid, name: FaceName): readonly [Vec3, Vec3, Vec3, Vec3] {
  const points = corners(cuboid);
  const face = FACES.find((each) => each.name === name) ?? FRONT;
  const at = (n: 0 | 1 | 2 | 3) => points[face?.corners[n] ?? 0] ?? ORIGIN;
  return [at(0), at(1), at(2), at(3)];
}

export type Segment = readonly [Screen, Screen];

/** The visible parts of a box's edges on a view, with the edge's number. */
export function boxSegments(
  clip: readonly number[],
  size: Size,
  cuboid: Cuboid,
): readonly { readonly edge: number; readonly segment: Segment }[] {
  const points = corners(cuboid);
  return EDGES.flatMap(([from, to], edge) => {
    const segment = segmentOf(clip, size, points[from] ?? ORIGIN, points[to] ?? ORIGIN);
    return segment ? [{ edge, segment }] : [];
  });
}

/** The two faces that an edge of `EDGES` lies between. */
export const EDGE_FACES: readonly (readonly FaceName[])[] = EDGES.map(([from, to]) =>
  FACES.filter((face) => face.corners.includes(from) && face.corners.includes(to)).map(
    (face) => face.name,
  ),
);

const RINGS_M = [10, 20, 30, 40, 50, 75, 100];
const RING_PARTS = 96;

/** Range rings and the ego's axes, on the level of the road under it. */
export function rangeRings(level_m: number, colour: Rgb): readonly Line[] {
  const line = (from_m: Vec3, to_m: Vec3, alpha: number): Line => ({
    from_m,
    to_m,
    colour,
    alpha,
    width_px: 1,
    dash_px: 0,
  });
  const rings = RINGS_M.flatMap((radius) =>
    Array.from({ length: RING_PARTS }, (_, n) => {
      const at = (k: number): Vec3 => {
        const angle = (k / RING_PARTS) * 2 * Math.PI;
        return [radius * Math.cos(angle), radius * Math.sin(angle), level_m];
      };
      return line(at(n), at(n + 1), 0.8);
    }),
  );
  const car = [
    line([0, 0, level_m], [4, 0, level_m], 1),
    line([4, 0, level_m], [3, 0.5, level_m], 1),
    line([4, 0, level_m], [3, -0.5, level_m], 1),
    line([0, -1, level_m], [0, 1, level_m], 1),
  ];
  return [...rings, ...car];
}

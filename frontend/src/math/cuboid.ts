/** Cuboids: corners, faces, and the edits that a hand makes to them. */

import type { Cuboid, Quat, Vec3 } from "../core/types";
import { fromMatrix, fromYaw, multiply, normalized, rotate, toMatrix, yawOf } from "./quaternion";
import { multiplyMatrices, type Rigid, apply as transformPoint } from "./rigid";
import { withAxis } from "./vec";

export type Axis = 0 | 1 | 2;
export type FaceName = "front" | "rear" | "left" | "right" | "top" | "bottom";

export interface Face {
  readonly name: FaceName;
  readonly axis: Axis;
  readonly side: 1 | -1;
  /** Indices into `corners`, counter-clockwise seen from outside. */
  readonly corners: readonly [number, number, number, number];
}

/** Corner i lies at +x if bit 0 of i is set, +y if bit 1 is, +z if bit 2 is. */
export const CORNER_SIGNS: readonly Vec3[] = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [
  i & 1 ? 1 : -1,
  i & 2 ? 1 : -1,
  i & 4 ? 1 : -1,
]);

/** Twelve pairs of corners: four edges along x, four along y, four along z. */
export const EDGES: readonly (readonly [number, number])[] = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
];

export const FACES: readonly Face[] = [
  { name: "front", axis: 0, side: 1, corners: [1, 3, 7, 5] },
  { name: "rear", axis: 0, side: -1, corners: [0, 4, 6, 2] },
  { name: "left", axis: 1, side: 1, corners: [2, 6, 7, 3] },
  { name: "right", axis: 1, side: -1, corners: [0, 1, 5, 4] },
  { name: "top", axis: 2, side: 1, corners: [4, 5, 7, 6] },
  { name: "bottom", axis: 2, side: -1, corners: [0, 2, 3, 1] },
];

/** The smallest side that a hand can pull a cuboid to. */
export const SMALLEST_SIDE_M = 0.05;

/** The eight corners in the frame that the cuboid is given in. */
export function corners(cuboid: Cuboid): readonly Vec3[] {
  const r = toMatrix(cuboid.quaternion_xyzw);
  const [cx, cy, cz] = cuboid.center_m;
  const [l, w, h] = cuboid.size_m;
  return CORNER_SIGNS.map(([sx, sy, sz]) => {
    const x = (sx * l) / 2;
    const y = (sy * w) / 2;
    const z = (sz * h) / 2;
    return [
      cx + r[0] * x + r[1] * y + r[2] * z,
      cy + r[3] * x + r[4] * y + r[5] * z,
      cz + r[6] * x + r[7] * y + r[8] * z,
    ];
  });
}

/** The cuboid seen from another frame: `a_from_b` with a cuboid in b. */
export function transformed(a_from_b: Rigid, cuboid: Cuboid): Cuboid {
  return {
    center_m: transformPoint(a_from_b, cuboid.center_m),
    quaternion_xyzw: fromMatrix(
      multiplyMatrices(a_from_b.rotation, toMatrix(normalized(cuboid.quaternion_xyzw))),
    ),
    size_m: cuboid.size_m,
  };
}

/** A point given in the cuboid's own axes, from its centre. */
export function toBody(cuboid: Cuboid, point_m: Vec3): Vec3 {
  const [x, y, z, w] = cuboid.quaternion_xyzw;
  const inverse: Quat = [-x, -y, -z, w];
  return rotate(inverse, [
    point_m[0] - cuboid.center_m[0],
    point_m[1] - cuboid.center_m[1],
    point_m[2] - cuboid.center_m[2],
  ]);
}

export function fromBody(cuboid: Cuboid, offset_m: Vec3): Vec3 {
  const [x, y, z] = rotate(cuboid.quaternion_xyzw, offset_m);
  const [cx, cy, cz] = cuboid.center_m;
  return [cx + x, cy + y, cz + z];
}

/** Whether a point lies in the cuboid, its surface included, grown by a margin on every side. */
export function contains(cuboid: Cuboid, point_m: Vec3, margin_m = 0): boolean {
  const [x, y, z] = toBody(cuboid, point_m);
  const [l, w, h] = cuboid.size_m;
  return (
    Math.abs(x) <= l / 2 + margin_m &&
    Math.abs(y) <= w / 2 + margin_m &&
    Math.abs(z) <= h / 2 + margin_m
  );
}

export function moved(cuboid: Cuboid, by_m: Vec3): Cuboid {
  const [x, y, z] = cuboid.center_m;
  return { ...cuboid, center_m: [x + by_m[0], y + by_m[1], z + by_m[2]] };
}

/** Moved along its own axes: forward, left, up. */
export function movedAlong(cuboid: Cuboid, by_body_m: Vec3): Cuboid {
  return { ...cuboid, center_m: fromBody(cuboid, by_body_m) };
}

/** Turned about its own up axis, counter-clockwise from above. */
export function turned(cuboid: Cuboid, by_rad: number): Cuboid {
  return { ...cuboid, quaternion_xyzw: multiply(cuboid.quaternion_xyzw, fromYaw(by_rad)) };
}

/** Front becomes rear; the box covers the same space. */
export function flipped(cuboid: Cuboid): Cuboid {
  return turned(cuboid, Math.PI);
}

/** Heading turned by a quarter to the left while the box covers the same space: length and width swap. */
export function quarterTurned(cuboid: Cuboid): Cuboid {
  const [l, w, h] = cuboid.size_m;
  return { ...turned(cuboid, Math.PI / 2), size_m: [w, l, h] };
}

/** One face moved outwards by a distance, its opposite staying where it is. */
export function withFaceMoved(cuboid: Cuboid, face: FaceName, by_m: number): Cuboid {
  const { axis, side } = faceOf(face);
  const size = Math.max(cuboid.size_m[axis] + by_m, SMALLEST_SIDE_M);
  const shift = ((size - cuboid.size_m[axis]) / 2) * side;
  return {
    ...cuboid,
    center_m: fromBody(cuboid, withAxis([0, 0, 0], axis, shift)),
    size_m: withAxis(cuboid.size_m, axis, size),
  };
}

/** The whole box slid so that a face moves outwards by a distance, its size kept. */
export function slidByFace(cuboid: Cuboid, face: FaceName, by_m: number): Cuboid {
  const { axis, side } = faceOf(face);
  return movedAlong(cuboid, withAxis([0, 0, 0], axis, by_m * side));
}

/** Another size about a fixed point of the body, given in shares of the half size: [0, 0, -1] keeps the bottom. */
export function resized(cuboid: Cuboid, size_m: Vec3, anchor: Vec3 = [0, 0, -1]): Cuboid {
  const shift: Vec3 = [
    ((cuboid.size_m[0] - size_m[0]) / 2) * anchor[0],
    ((cuboid.size_m[1] - size_m[1]) / 2) * anchor[1],
    ((cuboid.size_m[2] - size_m[2]) / 2) * anchor[2],
  ];
  return { ...cuboid, center_m: fromBody(cuboid, shift), size_m };
}

export function faceOf(name: FaceName): Face {
  const face = FACES.find((each) => each.name === name);
  if (!face) throw new RangeError(`a cuboid has no face named ${name}`);
  return face;
}

/** The outline seen from above, counter-clockwise; for boxes that stand upright. */
export function footprint(cuboid: Cuboid): readonly (readonly [number, number])[] {
  const yaw = yawOf(cuboid.quaternion_xyzw);
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  const [x, y] = cuboid.center_m;
  const [l, w] = [cuboid.size_m[0] / 2, cuboid.size_m[1] / 2];
  const at = (a: number, b: number) => [x + cos * a - sin * b, y + sin * a + cos * b] as const;
  return [at(l, w), at(-l, w), at(-l, -w), at(l, -w)];
}

export function bottomZ(cuboid: Cuboid): number {
  return Math.min(...corners(cuboid).map((corner) => corner[2]));
}

export function volume(cuboid: Cuboid): number {
  const [l, w, h] = cuboid.size_m;
  return l * w * h;
}

export function yaw(cuboid: Cuboid): number {
  return yawOf(cuboid.quaternion_xyzw);
}

/** Heading set, pitch and roll dropped. */
export function withYaw(cuboid: Cuboid, yaw_rad: number): Cuboid {
  return { ...cuboid, quaternion_xyzw: fromYaw(yaw_rad) };
}

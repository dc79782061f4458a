/** Rigid transforms. Read a name from right to left: `ego_from_lidar` takes lidar points to the ego frame. */

import type { Pose, Vec3 } from "../core/types";
import { fromMatrix, type Mat3, normalized, toMatrix } from "./quaternion";

export interface Rigid {
  readonly rotation: Mat3;
  readonly translation_m: Vec3;
}

export const IDENTITY: Rigid = {
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  translation_m: [0, 0, 0],
};

export function fromPose(pose: Pose): Rigid {
  return {
    rotation: toMatrix(normalized(pose.quaternion_xyzw)),
    translation_m: pose.translation_m,
  };
}

export function toPose(rigid: Rigid): Pose {
  return {
    translation_m: rigid.translation_m,
    quaternion_xyzw: fromMatrix(rigid.rotation),
  };
}

export function turn(r: Mat3, v: Vec3): Vec3 {
  return [
    r[0] * v[0] + r[1] * v[1] + r[2] * v[2],
    r[3] * v[0] + r[4] * v[1] + r[5] * v[2],
    r[6] * v[0] + r[7] * v[1] + r[8] * v[2],
  ];
}

export function apply(a_from_b: Rigid, point_b_m: Vec3): Vec3 {
  const [x, y, z] = turn(a_from_b.rotation, point_b_m);
  const [tx, ty, tz] = a_from_b.translation_m;
  return [x + tx, y + ty, z + tz];
}

export function inverse(a_from_b: Rigid): Rigid {
  const [r00, r01, r02, r10, r11, r12, r20, r21, r22] = a_from_b.rotation;
  const rotation: Mat3 = [r00, r10, r20, r01, r11, r21, r02, r12, r22];
  const [x, y, z] = turn(rotation, a_from_b.translation_m);
  return { rotation, translation_m: [-x, -y, -z] };
}

export function multiplyMatrices(a: Mat3, b: Mat3): Mat3 {
  const [x0, y0, z0] = turn(a, [b[0], b[3], b[6]]);
  const [x1, y1, z1] = turn(a, [b[1], b[4], b[7]]);
  const [x2, y2, z2] = turn(a, [b[2], b[5], b[8]]);
  return [x0, x1, x2, y0, y1, y2, z0, z1, z2];
}

/** `compose(a_from_b, b_from_c)` is a_from_c. */
export function compose(a_from_b: Rigid, b_from_c: Rigid): Rigid {
  return {
    rotation: multiplyMatrices(a_from_b.rotation, b_from_c.rotation),
    translation_m: apply(a_from_b, b_from_c.translation_m),
  };
}

/** Column-major 4x4, as WebGL wants it. */
export function toColumnMajor4(a_from_b: Rigid): readonly number[] {
  const r = a_from_b.rotation;
  const t = a_from_b.translation_m;
  return [r[0], r[3], r[6], 0, r[1], r[4], r[7], 0, r[2], r[5], r[8], 0, t[0], t[1], t[2], 1];
}

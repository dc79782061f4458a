/** Matrices that take the ego frame to a box's own axes, scaled so that the box is -1..1. */

import { Matrix4, Quaternion, Vector3 } from "three";
import type { Cuboid } from "../core/types";

export function boxMatrix(cuboid: Cuboid): Matrix4 {
  const [l, w, h] = cuboid.size_m;
  return new Matrix4()
    .compose(
      new Vector3(...cuboid.center_m),
      new Quaternion(...cuboid.quaternion_xyzw),
      new Vector3(l / 2, w / 2, h / 2),
    )
    .invert();
}

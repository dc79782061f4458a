/** One-key corrections of a cuboid by its points and the ground. All in the ego frame of the points. */

import type { Cuboid, Vec3 } from "../core/types";
import { type FaceName, faceOf, moved, toBody, withFaceMoved } from "../math/cuboid";
import { tightened, withFittedYaw } from "../math/fit";
import { groundUnder } from "../math/ground";
import { quantile } from "../math/stats";
import { type Cloud, pointsAround } from "./cloud";

/** How far outside a face its own points are looked for. */
const FACE_MARGIN_M = 0.3;
const OUTERMOST = 0.98;
const FEWEST = 3;

/** Moved up or down so that it stands on the ground; unchanged where the ground is not known. */
export function snappedToGround(cloud: Cloud, cuboid: Cuboid): Cuboid {
  const ground = cloud.ground && groundUnder(cloud.ground, cuboid);
  if (ground === null) return cuboid;
  return moved(cuboid, [0, 0, ground + cuboid.size_m[2] / 2 - cuboid.center_m[2]]);
}

/** Every face but the bottom drawn in to the points inside. */
export function tightenedAll(cloud: Cloud, cuboid: Cuboid): Cuboid {
  return tightened(cuboid, pointsAround(cloud, cuboid, 0));
}

/** One face put where its points end, inwards or up to 0.3 m outwards; the bottom goes to the ground. */
export function fittedFace(cloud: Cloud, cuboid: Cuboid, face: FaceName): Cuboid {
  if (face === "bottom") return bottomToGround(cloud, cuboid);
  const { axis, side } = faceOf(face);
  const half = cuboid.size_m[axis] / 2;
  const along = pointsAround(cloud, cuboid, FACE_MARGIN_M)
    .map((point) => toBody(cuboid, point))
    .filter((point) => isBeside(point, cuboid, axis) && side * point[axis] >= -half)
    .map((point) => side * point[axis]);
  if (along.length < FEWEST) return cuboid;
  return withFaceMoved(cuboid, face, quantile(along, OUTERMOST) - half);
}

/** Whether a point lies within the two other pairs of faces. */
function isBeside(point: Vec3, { size_m }: Cuboid, axis: 0 | 1 | 2): boolean {
  return ([0, 1, 2] as const).every(
    (other) => other === axis || Math.abs(point[other]) <= size_m[other] / 2,
  );
}

function bottomToGround(cloud: Cloud, cuboid: Cuboid): Cuboid {
  const ground = cloud.ground && groundUnder(cloud.ground, cuboid);
  if (ground === null) return cuboid;
  const bottom = cuboid.center_m[2] - cuboid.size_m[2] / 2;
  return withFaceMoved(cuboid, "bottom", bottom - ground);
}

/** Turned to what its points show, the nearest of the four ways; the size is kept. */
export function fittedYaw(cloud: Cloud, cuboid: Cuboid): Cuboid {
  return withFittedYaw(cuboid, pointsAround(cloud, cuboid, FACE_MARGIN_M));
}

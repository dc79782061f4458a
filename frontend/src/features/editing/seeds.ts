/** Where gestures on the views point: seeds for new cuboids. */

import { seedOf } from "../../assist/one-click";
import type { CameraSensor } from "../../core/scene";
import type { Vec3 } from "../../core/types";
import type { PointCloud } from "../../data/points";
import { project, unproject } from "../../math/camera";
import { hitGround, hitLevel, type Ray } from "../../math/ray";
import { apply, compose, inverse, type Rigid, turn } from "../../math/rigid";
import { add, scale } from "../../math/vec";
import type { Bench } from "../../tools/bench";
import type { Seed } from "../../tools/creating";
import { clipOf, clipPoint, rayOf, type Screen } from "../../views/lens";
import { type Aim, groundUnderAim } from "../../views/main/picking";

/** Under a pixel of the main view. */
export function seedUnder(cloud: PointCloud, { lens, size, at }: Aim): Seed | null {
  const view = { clip_from_ego: clipOf(lens, size), width_px: size.width, height_px: size.height };
  const at_m = seedOf({ cloud, view, at_px: at, ray: rayOf(lens, size, at) });
  return at_m ? { at_m, heading_rad: null, points: null } : null;
}

/** What a rectangle of the main view holds; its drag's direction over the road is the heading. */
export function seedIn(cloud: PointCloud, from: Screen, aim: Aim): Seed | null {
  const { size, lens, at } = aim;
  const clip = clipOf(lens, size);
  const [left, right] = [Math.min(from[0], at[0]), Math.max(from[0], at[0])];
  const [top, bottom] = [Math.min(from[1], at[1]), Math.max(from[1], at[1])];
  const held: number[] = [];
  let nearest = { depth: Number.POSITIVE_INFINITY, at_m: null as Vec3 | null };
  for (const index of cloud.aboveGround.order) {
    const point = pointOf(cloud, index);
    const [cx, cy, , w] = clipPoint(clip, point);
    const x = (size.width / 2) * (1 + cx / w);
    const y = (size.height / 2) * (1 - cy / w);
    if (w <= 0 || x < left || x > right || y < top || y > bottom) continue;
    held.push(...point);
    const off = Math.hypot(x - (left + right) / 2, y - (top + bottom) / 2) + w;
    if (off < nearest.depth) nearest = { depth: off, at_m: point };
  }
  const middle = groundUnderAim(
    cloud,
    { ...aim, at: [(left + right) / 2, (top + bottom) / 2] },
    0,
  );
  const at_m = nearest.at_m ?? middle;
  if (!at_m) return null;
  return { at_m, heading_rad: dragHeading(cloud, from, aim), points: Float32Array.from(held) };
}

/** The direction of a drag over the road; null for one too short to mean a direction. */
function dragHeading(cloud: PointCloud, from: Screen, aim: Aim): number | null {
  const [a, b] = [groundUnderAim(cloud, { ...aim, at: from }, 0), groundUnderAim(cloud, aim, 0)];
  if (!a || !b || Math.hypot(b[0] - a[0], b[1] - a[1]) < 0.3) return null;
  return Math.atan2(b[1] - a[1], b[0] - a[0]);
}

function pointOf({ positions }: PointCloud, index: number): Vec3 {
  const at = index * 3;
  return [positions[at] ?? 0, positions[at + 1] ?? 0, positions[at + 2] ?? 0];
}

/** The camera's pose on the ego frame of the points' moment. */
function cameraFromEgo(bench: Bench, camera: CameraSensor) {
  return compose(
    bench.scene.sensorFromWorld(camera.key, bench.cameraTime(camera.key)),
    bench.worldFromEgo.peek(),
  );
}

/** Null where the lens model does not reach. */
export function pixelRay(bench: Bench, camera: CameraSensor, pixel: Screen): Ray | null {
  const looks = unproject(camera.camera, pixel);
  if (!looks) return null;
  const { rotation, translation_m } = inverse(cameraFromEgo(bench, camera));
  return { origin_m: translation_m, direction: turn(rotation, looks) };
}

/** As far as a ray without a ground hit is drawn. */
const RAY_M = 60;

export function rayEnd(cloud: PointCloud | null, ray: Ray): Vec3 {
  const hit = cloud?.ground ? hitGround(ray, cloud.ground) : hitLevel(ray, 0);
  return hit ?? add(ray.origin_m, scale(ray.direction, RAY_M));
}

const REACH_PX = 10;
const NEAREST_M = 0.5;

/** Behind a pixel of a picture: the nearest point that projects close to it, else the road. */
export function seedBehind(bench: Bench, camera: CameraSensor, pixel: Screen): Seed | null {
  const cloud = bench.cloud.peek();
  if (!cloud) return null;
  const ray = pixelRay(bench, camera, pixel);
  const road = ray && cloud.ground ? hitGround(ray, cloud.ground) : null;
  const at_m = pointBehind(cloud, cameraFromEgo(bench, camera), camera, pixel) ?? road;
  return at_m ? { at_m, heading_rad: null, points: null } : null;
}

function pointBehind(
  cloud: PointCloud,
  camera_from_ego: Rigid,
  { camera }: CameraSensor,
  pixel: Screen,
): Vec3 | null {
  let best: Vec3 | null = null;
  let depth = Number.POSITIVE_INFINITY;
  for (const index of cloud.aboveGround.order) {
    const point = pointOf(cloud, index);
    const inCamera = apply(camera_from_ego, point);
    if (inCamera[2] <= NEAREST_M || inCamera[2] >= depth) continue;
    const at = project(camera, inCamera);
    if (!at || Math.hypot(at[0] - pixel[0], at[1] - pixel[1]) > REACH_PX) continue;
    depth = inCamera[2];
    best = point;
  }
  return best;
}

/** Fitting the chosen cuboid to its points and to the road, by one key each. */

import { fittedFace, fittedYaw, snappedToGround, tightenedAll } from "../assist/snap";
import type { Cuboid } from "../core/types";
import type { PointCloud } from "../data/points";
import type { FaceName } from "../math/cuboid";
import { flipped, turned, withYaw, yaw } from "../math/cuboid";
import { wrapAngle } from "../math/vec";
import type { Bench } from "./bench";
import { reshape } from "./cuboid-edits";

/** Each face put where its points end, one after another. */
export function fitFaces(
  cloud: PointCloud,
  cuboid_ego: Cuboid,
  faces: readonly FaceName[],
): Cuboid {
  return faces.reduce((fitted, face) => fittedFace(cloud, fitted, face), cuboid_ego);
}

function fitted(
  bench: Bench,
  label: string,
  fit: (cloud: PointCloud, cuboid: Cuboid) => Cuboid,
): void {
  const [cloud, cuboid] = [bench.cloud.peek(), bench.selectedEgo.peek()];
  if (!cloud || !cuboid) return;
  const next = fit(cloud, cuboid);
  if (isSame(next, cuboid))
    bench.editor.notify("info", `${label}: it fits already, or too few points say how.`);
  else reshape(bench, next, { label, origin: "fit" });
}

const SAME = 1e-6;

function isSame(a: Cuboid, b: Cuboid): boolean {
  const numbers = (cuboid: Cuboid) => [...cuboid.center_m, ...cuboid.size_m, yaw(cuboid)];
  const other = numbers(b);
  return numbers(a).every((value, n) => Math.abs(value - (other[n] ?? 0)) < SAME);
}

export function groundSnap(bench: Bench): void {
  fitted(bench, "Put on the ground", snappedToGround);
}

/** All faces drawn in to the points; a thing that stands on the road goes on standing on it. */
export function fitAll(bench: Bench): void {
  const grounded = bench.classOf(bench.selected.peek())?.grounded ?? false;
  fitted(bench, "Tighten", (cloud, cuboid) => {
    const tight = tightenedAll(cloud, cuboid);
    return grounded ? fittedFace(cloud, tight, "bottom") : tight;
  });
}

export function fitYaw(bench: Bench): void {
  fitted(bench, "Fit heading", fittedYaw);
}

/** Turned by hand and then drawn in to the points that it now holds. */
export function turnAndFit(bench: Bench, by_rad: number): void {
  const id = bench.selection.object.peek();
  const [cloud, cuboid] = [bench.cloud.peek(), bench.selectedEgo.peek()];
  if (!cloud || !cuboid || !id) return;
  const next = fitFaces(cloud, turned(cuboid, by_rad), ["front", "rear", "left", "right"]);
  reshape(bench, next, { label: "Turn and fit", origin: "fit", merge: `turn-fit ${id}` });
}

/** Slower than this, motion says nothing about heading. */
const MOVING_M_S = 0.7;

/** Looks where it goes; standing things are left alone. */
export function headingFromMotion(bench: Bench): void {
  const [object, cuboid] = [bench.selected.peek(), bench.selectedCuboid.peek()];
  const evaluated = object ? bench.store.evaluate(object, bench.clock.at_ns.peek()) : null;
  if (!cuboid || !evaluated) return;
  const [vx, vy] = evaluated.velocity_m_s;
  if (Math.hypot(vx, vy) < MOVING_M_S) {
    bench.editor.notify("info", "It hardly moves: its motion says nothing about its heading.");
    return;
  }
  const world = withYaw(cuboid, Math.atan2(vy, vx));
  const ego = bench.toEgo(world);
  if (ego) reshape(bench, ego, { label: "Heading from motion" });
}

/** Of a cuboid and its half turn, the one that looks nearer to a heading. */
export function facing(cuboid: Cuboid, heading_rad: number): Cuboid {
  return Math.abs(wrapAngle(yaw(cuboid) - heading_rad)) > Math.PI / 2 ? flipped(cuboid) : cuboid;
}

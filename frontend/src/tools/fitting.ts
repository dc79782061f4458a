/** Fitting the chosen cuboid to its points and to the road, by one key each. */

import { fittedFace, fittedYaw, snappedToGround } from "../assist/snap";
import { headingFromMotion as motionHeading } from "../core/predict";
import type { Cuboid, Vec3 } from "../core/types";
import type { PointCloud } from "../data/points";
import { FACES, type FaceName, toBody, turned, withYaw, yaw } from "../math/cuboid";
import { ZERO } from "../math/vec";
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
  change: (cloud: PointCloud, cuboid: Cuboid) => Cuboid,
): void {
  const [cloud, cuboid] = [bench.cloud.peek(), bench.selectedEgo.peek()];
  if (!cloud || !cuboid) return;
  const next = change(cloud, cuboid);
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

/** The faces that a sensor can see: the others have no points of their own to be fitted to. */
export function facesSeenFrom(cuboid_ego: Cuboid, sensor_m: Vec3): readonly FaceName[] {
  const place = toBody(cuboid_ego, sensor_m);
  return FACES.filter(
    ({ axis, side, name }) =>
      name !== "bottom" && place[axis] * side > cuboid_ego.size_m[axis] / 2,
  ).map(({ name }) => name);
}

/** The faces that the sensor sees put where their points end, the top too; what stands on the road goes on standing there. */
export function fitAll(bench: Bench): void {
  const grounded = bench.classOf(bench.selected.peek())?.grounded ?? false;
  const lidar = bench.scene.lidars[0];
  const sensor_m = lidar ? bench.scene.egoFrom(lidar.key).translation_m : ZERO;
  fitted(bench, "Tighten", (cloud, cuboid) => {
    const seen = facesSeenFrom(cuboid, sensor_m);
    const faces = new Set<FaceName>([...seen, "top", ...(grounded ? (["bottom"] as const) : [])]);
    return fitFaces(cloud, cuboid, [...faces]);
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

/** Looks where it goes; standing things are left alone. */
export function headingFromMotion(bench: Bench): void {
  const [object, cuboid] = [bench.selected.peek(), bench.selectedCuboid.peek()];
  if (!object || !cuboid) return;
  const vehicle = bench.store.standardOf(object).isVehicle;
  const heading_rad = motionHeading(object, vehicle, bench.clock.at_ns.peek());
  if (heading_rad === null) {
    bench.editor.notify("info", "It hardly moves: its motion says nothing about its heading.");
    return;
  }
  const ego = bench.toEgo(withYaw(cuboid, heading_rad));
  if (ego) reshape(bench, ego, { label: "Heading from motion" });
}

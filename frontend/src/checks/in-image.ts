/** Checks of cuboids against boxes in cameras: proj.edges, proj.iou, proj.center, link.missing, link.class. */

import { boxStream, isBox, trajectoryOf } from "../core/evaluate";
import { DEFAULT_NOISE } from "../core/limits";
import { keyAt } from "../core/ops";
import type { CameraSensor } from "../core/scene";
import type { AtNs, Cuboid, Key, LabelledObject, Op, Vec3 } from "../core/types";
import { transformed } from "../math/cuboid";
import { visitCuboid } from "../math/grid";
import { type BoxPx, boxIou } from "../math/iou";
import type { Projection } from "../math/projection";
import { conjugate, multiply, normalized } from "../math/quaternion";
import { apply, inverse, turn } from "../math/rigid";
import { add, dot, norm, scale, subtract } from "../math/vec";
import { visibleShare, visitAhead } from "../math/visibility";
import { putKey, putWorld, type Run } from "./context";
import { type Draft, noisePx } from "./draft";
import { checkClass, checkMissingBox, checkMissingCuboid, frustumCluster } from "./links";
import { checkCenter, checkEdges, checkIou, type Pairing, withChange } from "./projection";

const NOWHERE: BoxPx = [0, 0, 0, 0];
/** A box alone and a projection that overlap by more are taken for one thing. */
const SAME_THING_IOU = 0.6;

/** One camera at its own time in the frame. */
interface Shot {
  readonly sensor: CameraSensor;
  readonly at_ns: AtNs;
}

export function imageChecks(run: Run): void {
  for (const sensor of run.scene.cameras) {
    if (!run.scene.capture(run.frame, sensor.key)) continue;
    cameraChecks(run, { sensor, at_ns: run.scene.captureTime(run.frame, sensor.key) });
  }
}

function cameraChecks(run: Run, shot: Shot): void {
  const key = keyAt(run.object, boxStream(shot.sensor.key), shot.at_ns);
  const cuboid = run.cuboidOf(run.object, shot.at_ns);
  if (key && isDrawn(key)) {
    if (cuboid) pairChecks(run, shot, key.geometry.box_px, cuboid);
    else loneChecks(run, shot, key.geometry.box_px);
  } else if (!key && cuboid) missingBoxCheck(run, shot, cuboid);
}

function isDrawn(key: Key): key is Key & { readonly geometry: { readonly box_px: BoxPx } } {
  const drawn = key.state === "adjusted" || key.state === "independent";
  return drawn && !key.absent && isBox(key.geometry);
}

function projected(run: Run, { sensor, at_ns }: Shot, cuboid: Cuboid): Projection | null {
  return run.scene.project(sensor.key, at_ns, cuboid);
}

/** Drawn box and cuboid of one object: the first of the three that speaks explains the others. */
function pairChecks(run: Run, shot: Shot, label_px: BoxPx, cuboid: Cuboid): void {
  const seen = projected(run, shot, cuboid);
  const { camera } = shot.sensor;
  const pairing: Pairing = {
    projected_px: seen?.box_px ?? NOWHERE,
    label_px,
    image_px: [camera.width_px, camera.height_px],
    noise_px: noiseOf(run, shot, cuboid),
    visibleOnly: run.standards.visibleOnly,
  };
  let explained = false;
  if (seen && run.isOn("proj.edges")) explained = edgesCheck(run, shot, pairing, cuboid);
  if (run.isOn("proj.iou")) {
    const cause = causeOf(run, shot, "proj.iou");
    const args = { limits: run.standard.limits, explained, was: run.was(cause) };
    explained = raise(run, shot, checkIou(pairing, args)) || explained;
  }
  if (seen && run.isOn("proj.center")) {
    const cause = causeOf(run, shot, "proj.center");
    const args = { limits: run.standard.limits, explained, was: run.was(cause) };
    raise(run, shot, checkCenter(pairing, args));
  }
}

function edgesCheck(run: Run, shot: Shot, pairing: Pairing, cuboid: Cuboid): boolean {
  const { limits } = run.standard;
  const { params } = run.rule("proj.edges");
  const was = run.was(causeOf(run, shot, "proj.edges"));
  const draft = checkEdges(pairing, { limits, params, was });
  if (!draft) return false;
  const camera_from_frame = run.scene.sensorFromWorld(shot.sensor.key, shot.at_ns);
  const view = { camera: shot.sensor.camera, camera_from_frame };
  return raise(run, shot, withChange(draft, pairing, { cuboid, view, limits, params }));
}

function causeOf(run: Run, { sensor, at_ns }: Shot, check: string) {
  return { check, object_id: run.object.id, sensor_key: sensor.key, at_ns };
}

function deriveBox(run: Run, { sensor, at_ns }: Shot): Op {
  const said = { state: "derived", geometry: null } as const;
  return putKey(run.object, boxStream(sensor.key), at_ns, said);
}

function raise(run: Run, shot: Shot, draft: Draft | null): boolean {
  return run.raise(causeOf(run, shot, draft?.check ?? ""), draft, (fix): readonly Op[] => {
    if (fix.kind === "derive_box" || fix.kind === "add_box") return [deriveBox(run, shot)];
    return fix.kind === "set_cuboid" ? movedToKey(run, shot, fix.cuboid) : [];
  });
}

/** A change found at a camera's time, carried over to the key of the frame. */
function movedToKey(run: Run, shot: Shot, change: Cuboid): readonly Op[] {
  const key_ns = run.keyedHere[0]?.at_ns ?? run.key_ns;
  const here = run.cuboidOf(run.object, shot.at_ns);
  const there = run.cuboidOf(run.object, key_ns);
  if (!here || !there) return [];
  const spin = multiply(change.quaternion_xyzw, conjugate(here.quaternion_xyzw));
  const cuboid: Cuboid = {
    center_m: add(there.center_m, subtract(change.center_m, here.center_m)),
    quaternion_xyzw: normalized(multiply(spin, there.quaternion_xyzw)),
    size_m: add(there.size_m, subtract(change.size_m, here.size_m)),
  };
  return [putWorld(run.object, key_ns, cuboid)];
}

/** What the recording itself explains: the object's speed across the view counts with it. */
function noiseOf(run: Run, { sensor, at_ns }: Shot, cuboid: Cuboid): number {
  const pose = run.scene.sensorFromWorld(sensor.key, at_ns);
  const center = apply(pose, cuboid.center_m);
  const path = trajectoryOf(run.object, run.standard.isVehicle).at(at_ns);
  const velocity = turn(pose.rotation, path?.velocity_m_s ?? [0, 0, 0]);
  const ray = scale(center, 1 / Math.max(norm(center), 1e-6));
  const across = subtract(velocity, scale(ray, dot(velocity, ray)));
  return noisePx(DEFAULT_NOISE, {
    focal_px: sensor.camera.fx_px,
    depth_m: center[2],
    across_m_s: norm(across),
  });
}

/** A box whose object has no cuboid here: is it another object's, and do points stand behind it? */
function loneChecks(run: Run, shot: Shot, box_px: BoxPx): void {
  if (run.isOn("link.class")) classCheck(run, shot, box_px);
  if (run.isOn("link.missing") && run.standard.shapes.includes("cuboid")) {
    missingCuboidCheck(run, shot, box_px);
  }
}

/** How far another object's projection and a box cover each other. */
function coverage(run: Run, shot: Shot, other: LabelledObject, box_px: BoxPx): number {
  const cuboid = run.cuboidOf(other, shot.at_ns);
  const seen = cuboid && projected(run, shot, cuboid);
  return seen ? boxIou(seen.box_px, box_px) : 0;
}

function classCheck(run: Run, shot: Shot, box_px: BoxPx): void {
  const best = [...run.objects.values()]
    .filter((other) => other.id !== run.object.id)
    .map((other) => ({ other, iou: coverage(run, shot, other, box_px) }))
    .reduce<{ other: LabelledObject; iou: number } | null>(
      (most, each) => (most && most.iou >= each.iou ? most : each),
      null,
    );
  if (!best || best.iou < SAME_THING_IOU) return;
  const { other } = best;
  const pairs = [other, run.object].flatMap((object) =>
    run.standardOf(object).confusable.map((key) => [object.class, key] as const),
  );
  const draft = checkClass(run.object.class, other.class, pairs);
  const cause = { ...causeOf(run, shot, "link.class"), other_id: other.id };
  run.raise(cause, draft, (fix): readonly Op[] => {
    const wanted = String(fix.parts["class_key"] ?? "");
    return [run.object, other]
      .filter((object) => object.class !== wanted)
      .map((object) => ({
        k: "obj.set",
        obj: object.id,
        prev: { class: object.class },
        next: { class: wanted },
      }));
  });
}

function missingCuboidCheck(run: Run, shot: Shot, box_px: BoxPx): void {
  const [cloud, lidar] = [run.firstCloud, run.firstLidar];
  if (!cloud || lidar === null) return;
  const { camera, key } = shot.sensor;
  const lidar_ns = run.scene.captureTime(run.frame, lidar);
  const camera_from_ego = run.scene.sensorFromEgoAt(key, shot.at_ns, lidar_ns);
  const ahead: Vec3[] = [];
  visitAhead(cloud.positions, camera_from_ego, camera, (point) => ahead.push(point));
  const { params } = run.rule("link.missing");
  const diagonal_m = norm(run.standard.default_size_m);
  const cluster = frustumCluster(ahead, { camera, box_px, diagonal_m, params });
  const draft = checkMissingCuboid(cluster, params, run.was(causeOf(run, shot, "link.missing")));
  const world_from_camera = run.scene.worldFromSensor(key, shot.at_ns);
  run.raise(causeOf(run, shot, "link.missing"), draft, (fix): readonly Op[] => {
    if (fix.kind !== "add_cuboid") return [];
    const proposal: Cuboid = {
      center_m: [0, 0, 0],
      quaternion_xyzw: [0, 0, 0, 1],
      size_m: run.standard.default_size_m,
    };
    const headed = transformed(run.scene.worldFromEgo(run.key_ns), proposal);
    const center_m = apply(world_from_camera, fix.seed_m);
    return [putWorld(run.object, run.key_ns, { ...headed, center_m })];
  });
}

/** A cuboid that a person keyed in this frame is well visible here and has no box. */
function missingBoxCheck(run: Run, shot: Shot, cuboid: Cuboid): void {
  const wanted = run.isOn("link.missing") && run.standard.shapes.includes("box");
  if (!wanted || !run.keyedHere.some((key) => key.confirmed)) return;
  const seen = projected(run, shot, cuboid);
  const pose = run.scene.sensorFromWorld(shot.sensor.key, shot.at_ns);
  const far = norm(apply(pose, cuboid.center_m)) > run.standards.farthest_m;
  if (!seen || far) return;
  const { params } = run.rule("link.missing");
  const was = run.was(causeOf(run, shot, "link.missing"));
  const asked = (visibility: number) =>
    checkMissingBox(seen, visibility, { params, confirmed: true, was });
  // What hides it is only asked where it would otherwise be missing.
  if (asked(1)) raise(run, shot, asked(visibility(run, shot, cuboid, seen)));
}

function visibility(run: Run, shot: Shot, cuboid: Cuboid, seen: Projection): number {
  const nearer_px = () =>
    [...run.objects.values()].flatMap((other): readonly BoxPx[] => {
      const theirs = other.id === run.object.id ? null : run.cuboidOf(other, shot.at_ns);
      const projection = theirs && projected(run, shot, theirs);
      return projection && projection.depth_m < seen.depth_m ? [projection.box_px] : [];
    });
  return visibleShare(ownPoints(run, shot, cuboid), {
    buffer: run.buffer(shot.sensor.key),
    box_px: seen.box_px,
    nearer_px,
  });
}

/** The object's points in the camera's frame, as the cuboid at the camera's time holds them. */
function ownPoints(run: Run, shot: Shot, cuboid: Cuboid): readonly Vec3[] {
  const [cloud, lidar] = [run.firstCloud, run.firstLidar];
  if (!cloud || lidar === null) return [];
  const camera_from_ego = run.scene.sensorFromEgoAt(
    shot.sensor.key,
    shot.at_ns,
    run.scene.captureTime(run.frame, lidar),
  );
  const camera_from_world = run.scene.sensorFromWorld(shot.sensor.key, shot.at_ns);
  const inCamera = transformed(camera_from_world, cuboid);
  const inEgo = transformed(inverse(camera_from_ego), inCamera);
  const points: Vec3[] = [];
  visitCuboid(cloud.grid, cloud.positions, inEgo, 0, (index) => {
    const at = index * 3;
    const point: Vec3 = [
      cloud.positions[at] ?? 0,
      cloud.positions[at + 1] ?? 0,
      cloud.positions[at + 2] ?? 0,
    ];
    points.push(apply(camera_from_ego, point));
  });
  return points;
}

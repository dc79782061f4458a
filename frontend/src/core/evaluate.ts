/** What an object is at a time, in the world and in one sensor. */

import type { BoxPx } from "../math/iou";
import type { Projection } from "../math/projection";
import { isCuboid, lastAtOrBefore, Trajectory } from "../math/trajectory";
import { keyAt } from "./ops";
import type { Scene } from "./scene";
import type {
  AtNs,
  Cuboid,
  Geometry,
  Key,
  KeyState,
  LabelledObject,
  SensorKey,
  Stream,
} from "./types";

export const WORLD: Stream = "world/cuboid";

export function boxStream(sensor: SensorKey): Stream {
  return `${sensor}/box`;
}

export function isBox(geometry: Geometry | null): geometry is { readonly box_px: BoxPx } {
  return geometry !== null && "box_px" in geometry;
}

export function worldKeys(object: LabelledObject): readonly Key[] {
  return object.streams[WORLD] ?? [];
}

export function worldKeyAt(object: LabelledObject, at_ns: AtNs): Key | null {
  return keyAt(object, WORLD, at_ns) ?? null;
}

const asVehicle = new WeakMap<LabelledObject, Trajectory>();
const asOther = new WeakMap<LabelledObject, Trajectory>();

/** The object's way through the world, made once for each state of the object. */
export function trajectoryOf(object: LabelledObject, vehicle: boolean): Trajectory {
  const known = vehicle ? asVehicle : asOther;
  const ready = known.get(object);
  if (ready) return ready;
  const keys = worldKeys(object).map((key) => ({
    at_ns: key.at_ns,
    cuboid: !key.absent && isCuboid(key.geometry) ? key.geometry : null,
  }));
  const made = new Trajectory(keys, { vehicle, static: object.motion === "static" });
  known.set(object, made);
  return made;
}

/** A labelled object as one sensor sees it at one time. */
export interface Observation {
  readonly state: KeyState;
  /** What counts: the person's box where there is one, else what the cuboid gives; null where nothing is seen. */
  readonly box_px: BoxPx | null;
  /** What the object's cuboid gives here, clipped to the image. */
  readonly projection: Projection | null;
  readonly key: Key | null;
}

/** The boxes of an object that lives in one sensor alone go linearly from key to key. */
function boxBetween(keys: readonly Key[], at_ns: AtNs): BoxPx | null {
  const index = lastAtOrBefore(keys, at_ns);
  const [from, to] = [keys[index], keys[index + 1]];
  if (!from || !to || from.absent || !isBox(from.geometry) || !isBox(to.geometry)) return null;
  const share = (at_ns - from.at_ns) / (to.at_ns - from.at_ns);
  const [a, b] = [from.geometry.box_px, to.geometry.box_px];
  const at = (n: 0 | 1 | 2 | 3) => a[n] + (b[n] - a[n]) * share;
  return [at(0), at(1), at(2), at(3)];
}

export interface ObserveArgs {
  readonly scene: Scene;
  readonly object: LabelledObject;
  readonly sensor: SensorKey;
  readonly at_ns: AtNs;
  /** The object's cuboid in the world at this time. */
  readonly cuboid: Cuboid | null;
}

/** The object in a camera at a time; null where it neither is nor could be. */
export function observe({
  scene,
  object,
  sensor,
  at_ns,
  cuboid,
}: ObserveArgs): Observation | null {
  const projection = cuboid ? scene.project(sensor, at_ns, cuboid) : null;
  const stream = boxStream(sensor);
  const key = keyAt(object, stream, at_ns) ?? null;
  if (key?.state === "not_visible") return { state: key.state, box_px: null, projection, key };
  if (key && isBox(key.geometry)) {
    return { state: key.state, box_px: key.geometry.box_px, projection, key };
  }
  if (projection) return { state: "derived", box_px: projection.box_px, projection, key };
  if (worldKeys(object).length > 0) return null;
  const box_px = boxBetween(object.streams[stream] ?? [], at_ns);
  return box_px ? { state: "independent", box_px, projection: null, key: null } : null;
}

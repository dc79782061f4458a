/** One run of the checks on one object in one frame: what is asked about, under which rules. */

import { trajectoryOf, WORLD, worldKeys } from "../core/evaluate";
import type { CheckStandard, ClassStandard, Standards } from "../core/limits";
import { keyAt, keyValue, type Objects } from "../core/ops";
import type { Scene } from "../core/scene";
import type {
  AtNs,
  Cuboid,
  Finding,
  Key,
  KeyValue,
  LabelledObject,
  Op,
  SensorKey,
  Stream,
} from "../core/types";
import type { Grid, Positions } from "../math/grid";
import type { GroundRaster } from "../math/ground";
import { isCuboid } from "../math/trajectory";
import { type DepthBuffer, depthBuffer, visitAhead } from "../math/visibility";
import type { Draft, DraftFix } from "./draft";
import { type Cause, fixOf, raised, type Was } from "./raised";

/** Points of one lidar in one frame, in the ego frame at its capture's time. */
export interface Cloud {
  readonly positions: Positions;
  readonly grid: Grid;
  readonly ground: GroundRaster | null;
}

/** The points of a frame if they are in memory; null otherwise. */
export type CloudSource = (frame: number, sensor: SensorKey) => Cloud | null;

export interface RunParts {
  readonly scene: Scene;
  readonly standards: Standards;
  readonly objects: Objects;
  readonly object: LabelledObject;
  readonly frame: number;
  readonly cloud: CloudSource;
  readonly was: Was;
}

/** A stored cuboid key of an object. */
export interface CuboidKeyed {
  readonly at_ns: AtNs;
  readonly cuboid: Cuboid;
  readonly confirmed: boolean;
}

const buffers = new WeakMap<Cloud, Map<string, DepthBuffer>>();

export class Run {
  readonly found: Finding[] = [];
  /** Checks that could not be run because points or ground are not in memory: the server's word stands. */
  readonly unasked = new Set<string>();
  readonly scene: Scene;
  readonly standards: Standards;
  readonly objects: Objects;
  readonly object: LabelledObject;
  readonly frame: number;
  readonly standard: ClassStandard;
  /** Where keys of the world go in this frame. */
  readonly key_ns: AtNs;

  constructor(private readonly parts: RunParts) {
    this.scene = parts.scene;
    this.standards = parts.standards;
    this.objects = parts.objects;
    this.object = parts.object;
    this.frame = parts.frame;
    this.standard = this.standardOf(parts.object);
    this.key_ns = parts.scene.keyTime(parts.frame);
  }

  standardOf(object: LabelledObject): ClassStandard {
    return this.standards.of(object.class);
  }

  rule(check: string): CheckStandard {
    return this.standards.check(check);
  }

  isOn(check: string): boolean {
    return this.rule(check).enabled;
  }

  was(cause: Cause) {
    return this.parts.was(cause);
  }

  cuboidOf(object: LabelledObject, at_ns: AtNs): Cuboid | null {
    return trajectoryOf(object, this.standardOf(object).isVehicle).cuboidAt(at_ns);
  }

  cloudOf(sensor: SensorKey): Cloud | null {
    return this.parts.cloud(this.frame, sensor);
  }

  /** The first lidar with a capture in this frame, as the server takes it for the ground and for what hides what. */
  get firstLidar(): SensorKey | null {
    const lidar = this.scene.lidars.find(({ key }) => this.scene.capture(this.frame, key));
    return lidar?.key ?? null;
  }

  get firstCloud(): Cloud | null {
    return this.firstLidar === null ? null : this.cloudOf(this.firstLidar);
  }

  /** The object's cuboid keys in order of time. */
  get keyed(): readonly CuboidKeyed[] {
    return worldKeys(this.object).flatMap((key) =>
      !key.absent && isCuboid(key.geometry)
        ? [{ at_ns: key.at_ns, cuboid: key.geometry, confirmed: key.confirmed }]
        : [],
    );
  }

  /** Those of the keys that lie in this frame. */
  get keyedHere(): readonly CuboidKeyed[] {
    return this.keyed.filter((key) => this.frameOfKey(key.at_ns) === this.frame);
  }

  /** The frame whose key time is nearest. */
  frameOfKey(at_ns: AtNs): number {
    const near = this.scene.frameIndexAt(at_ns);
    const off = (frame: number) => Math.abs(this.scene.keyTime(frame) - at_ns);
    const frames = [near - 1, near, near + 1].filter((frame) => this.scene.frame(frame));
    return frames.reduce((best, frame) => (off(frame) < off(best) ? frame : best), near);
  }

  /** What the points hide from a camera in this frame; null where they are not in memory. Kept with the points. */
  buffer(camera: SensorKey): DepthBuffer | null {
    const [cloud, lidar] = [this.firstCloud, this.firstLidar];
    const model = this.scene.camera(camera)?.camera;
    if (!cloud || !model || lidar === null) return null;
    const kept = buffers.get(cloud) ?? new Map<string, DepthBuffer>();
    buffers.set(cloud, kept);
    const ready = kept.get(camera);
    if (ready) return ready;
    const camera_from_ego = this.scene.sensorFromEgoAt(
      camera,
      this.scene.captureTime(this.frame, camera),
      this.scene.captureTime(this.frame, lidar),
    );
    const made = depthBuffer(model, (visit) => {
      visitAhead(cloud.positions, camera_from_ego, model, visit);
    });
    kept.set(camera, made);
    return made;
  }

  /** Takes down what a check said, if it said anything. */
  raise(
    cause: Cause,
    draft: Draft | null,
    fixes: (fix: DraftFix) => readonly Op[],
    at_ns: AtNs = cause.at_ns ?? this.key_ns,
  ): boolean {
    if (!draft) return false;
    this.found.push(
      raised({
        cause,
        draft,
        at_ns,
        standard: this.rule(draft.check),
        fixes: draft.fixes.map((fix) => fixOf(fix, fixes(fix))),
      }),
    );
    return true;
  }
}

/** A key that says something else, or a new one; its answers stay. */
export function putKey(
  object: LabelledObject,
  stream: Stream,
  at_ns: AtNs,
  said: Pick<KeyValue, "state" | "geometry">,
): Op {
  const there: Key | undefined = keyAt(object, stream, at_ns);
  return {
    k: "key.put",
    obj: object.id,
    stream,
    at_ns,
    prev: there ? keyValue(there) : null,
    next: {
      origin: stream === WORLD ? "fit" : "project",
      confirmed: true,
      absent: false,
      reason: "",
      attributes: there?.attributes ?? {},
      ...said,
    },
  };
}

export function putWorld(object: LabelledObject, at_ns: AtNs, cuboid: Cuboid): Op {
  return putKey(object, WORLD, at_ns, { state: "keyed", geometry: cuboid });
}

/** The scene as the recording gives it: frames, captures, poses and cameras, all at their own times. */

import type { Pixel } from "../math/camera";
import { PoseTrack } from "../math/poses";
import { type Projection, projectFrom } from "../math/projection";
import { compose, fromPose, IDENTITY, inverse, type Rigid } from "../math/rigid";
import { lastAtOrBefore } from "../math/trajectory";
import type {
  AtNs,
  CameraCapture,
  CameraModel,
  Capture,
  Cuboid,
  Frame,
  LidarCapture,
  Manifest,
  Sensor,
  SensorKey,
} from "./types";

export type { Pixel };

/** Poses kept for reuse: frames times sensors of a long scene. */
const MOST_POSES = 10_000;

export function isLidarCapture(capture: Capture): capture is LidarCapture {
  return "points_url" in capture;
}

export function isCameraCapture(capture: Capture): capture is CameraCapture {
  return "image_url" in capture;
}

/** A camera sensor with its model: what projection needs. */
export interface CameraSensor extends Sensor {
  readonly camera: CameraModel;
}

export class Scene {
  readonly sensors: readonly Sensor[];
  readonly cameras: readonly CameraSensor[];
  readonly lidars: readonly Sensor[];
  readonly frames: readonly Frame[];
  private readonly byKey: ReadonlyMap<SensorKey, Sensor>;
  private readonly egoFromSensor: ReadonlyMap<SensorKey, Rigid>;
  private readonly sensorFromEgo: ReadonlyMap<SensorKey, Rigid>;
  private readonly poses: PoseTrack;
  private readonly egoPoses = new Map<AtNs, Rigid>();

  constructor(readonly manifest: Manifest) {
    this.sensors = manifest.sensors;
    this.frames = manifest.frames;
    this.poses = new PoseTrack(manifest.ego_poses);
    this.byKey = new Map(manifest.sensors.map((sensor) => [sensor.key, sensor]));
    this.cameras = manifest.sensors.flatMap((sensor) => {
      const camera = sensor.calibration.camera;
      return camera ? [{ ...sensor, camera }] : [];
    });
    this.lidars = manifest.sensors.filter((sensor) => sensor.viewer === "point-cloud");
    const posed = manifest.sensors.map(
      (sensor) => [sensor.key, fromPose(sensor.calibration.ego_from_sensor)] as const,
    );
    this.egoFromSensor = new Map(posed);
    this.sensorFromEgo = new Map(posed.map(([key, rigid]) => [key, inverse(rigid)]));
  }

  sensor(key: SensorKey): Sensor | null {
    return this.byKey.get(key) ?? null;
  }

  camera(key: SensorKey): CameraSensor | null {
    return this.cameras.find((camera) => camera.key === key) ?? null;
  }

  /** Index of the frame whose time is nearest. */
  frameIndexAt(at_ns: AtNs): number {
    const index = Math.max(lastAtOrBefore(this.frames, at_ns), 0);
    const [here, next] = [this.frames[index], this.frames[index + 1]];
    if (!here || !next) return index;
    return next.at_ns - at_ns < at_ns - here.at_ns ? index + 1 : index;
  }

  frame(index: number): Frame | null {
    return this.frames[index] ?? null;
  }

  capture(frameIndex: number, key: SensorKey): Capture | null {
    return this.frames[frameIndex]?.captures[key] ?? null;
  }

  /** A sensor's own time in a frame; the frame's where it has no capture. */
  captureTime(frameIndex: number, key: SensorKey): AtNs {
    return this.capture(frameIndex, key)?.at_ns ?? this.frames[frameIndex]?.at_ns ?? 0;
  }

  /** Where keys of the world stream go in a frame: the time of its first LiDAR's capture, or the frame's. */
  keyTime(frameIndex: number): AtNs {
    const lidar = this.lidars.find((sensor) => this.capture(frameIndex, sensor.key));
    return lidar ? this.captureTime(frameIndex, lidar.key) : (this.frames[frameIndex]?.at_ns ?? 0);
  }

  /** The ego's pose: linear and slerp between the poses around; beyond their reach the last one that is known. */
  worldFromEgo(at_ns: AtNs): Rigid {
    const known = this.egoPoses.get(at_ns);
    if (known) return known;
    const pose = this.poses.nearest(at_ns);
    if (this.egoPoses.size > MOST_POSES) this.egoPoses.clear();
    this.egoPoses.set(at_ns, pose);
    return pose;
  }

  egoFromWorld(at_ns: AtNs): Rigid {
    return inverse(this.worldFromEgo(at_ns));
  }

  egoFrom(key: SensorKey): Rigid {
    return this.egoFromSensor.get(key) ?? IDENTITY;
  }

  sensorFromWorld(key: SensorKey, at_ns: AtNs): Rigid {
    return compose(this.sensorFromEgo.get(key) ?? IDENTITY, this.egoFromWorld(at_ns));
  }

  /** From the ego frame at one time (a lidar's points) to a sensor at another (a camera's picture). */
  sensorFromEgoAt(key: SensorKey, sensor_ns: AtNs, ego_ns: AtNs): Rigid {
    return compose(this.sensorFromWorld(key, sensor_ns), this.worldFromEgo(ego_ns));
  }

  worldFromSensor(key: SensorKey, at_ns: AtNs): Rigid {
    return compose(this.worldFromEgo(at_ns), this.egoFrom(key));
  }

  /** A world cuboid's bounds in a camera at a time; null when nothing of it reaches the image. */
  project(key: SensorKey, at_ns: AtNs, cuboid_world: Cuboid): Projection | null {
    const sensor = this.camera(key);
    if (!sensor) return null;
    return projectFrom(sensor.camera, this.sensorFromWorld(key, at_ns), cuboid_world);
  }
}

/** One position buffer per frame, drawn whole, thinned, or as the crop round the selected box. */

import { BufferAttribute, BufferGeometry, Matrix4, Points } from "three";
import type { Cuboid, Vec3 } from "../core/types";
import type { GroundRaster } from "../math/ground";
import { type Rigid, toColumnMajor4 } from "../math/rigid";
import { boxMatrix } from "./box-matrix";
import { everyNth } from "./every-nth";
import { PointMaterial } from "./point-material";

/** What a frame must bring along to be drawn. */
export interface DrawnCloud {
  readonly count: number;
  /** Three planes of `count` steps, as they came over the wire. */
  readonly xyz: Int16Array | Int32Array;
  readonly scale_m: Vec3;
  readonly origin_m: Vec3;
  readonly intensity: Uint8Array | null;
  readonly ego_from_sensor: Rigid;
  readonly ground: GroundRaster | null;
}

/** No more than this many points are drawn while something moves. */
export const MOVING_BUDGET = 50_000;
/** A crop has no more points than this. */
const CROP_BUDGET = 65_536;

export type Share = "all" | "thin" | "crop" | "none";

export class PointLayer {
  readonly material = new PointMaterial();
  readonly node = new Points(new BufferGeometry(), this.material);
  private readonly whole = new BufferGeometry();
  private readonly thin = new BufferGeometry();
  private readonly crop = new BufferGeometry();
  private readonly cropIndex = new BufferAttribute(new Uint32Array(CROP_BUDGET), 1);
  private count = 0;
  private cropped = 0;

  constructor() {
    this.node.frustumCulled = false;
    this.node.matrixAutoUpdate = false;
  }

  /** Takes a frame's points to the GPU; the old ones are let go. */
  load(cloud: DrawnCloud | null): void {
    for (const geometry of [this.whole, this.thin, this.crop]) geometry.dispose();
    this.count = cloud?.count ?? 0;
    this.cropped = 0;
    if (!cloud) return;
    const attributes = attributesOf(cloud);
    for (const geometry of [this.whole, this.thin, this.crop]) {
      for (const [name, attribute] of attributes) geometry.setAttribute(name, attribute);
    }
    this.whole.setDrawRange(0, cloud.count);
    this.thin.setIndex(new BufferAttribute(everyNth(cloud.count, MOVING_BUDGET), 1));
    this.crop.setIndex(this.cropIndex);
    this.crop.setDrawRange(0, 0);
    this.material.setPlace(cloud.scale_m, cloud.origin_m);
    this.material.setGround(cloud.ground, levelUnder(cloud));
    this.node.matrix.copy(new Matrix4().fromArray([...toColumnMajor4(cloud.ego_from_sensor)]));
    this.node.matrixWorldNeedsUpdate = true;
  }

  /** The crop's buffer is written again and again: disposing it would throw the shared planes away with it. */
  setCrop(indices: Uint32Array): void {
    const kept = indices.length > CROP_BUDGET ? indices.subarray(0, CROP_BUDGET) : indices;
    this.cropped = kept.length;
    this.cropIndex.set(kept, 0);
    this.cropIndex.clearUpdateRanges();
    this.cropIndex.addUpdateRange(0, kept.length);
    this.cropIndex.needsUpdate = true;
    this.crop.setDrawRange(0, kept.length);
  }

  setBox(cuboid_ego: Cuboid | null): void {
    this.material.setBox(cuboid_ego ? boxMatrix(cuboid_ego) : null);
  }

  /** Chooses what the next draw shows; tells how many points that is. */
  show(share: Share): number {
    const picked = { all: this.whole, thin: this.thin, crop: this.crop, none: null }[share];
    const drawn = this.countOf(share);
    this.node.visible = picked !== null && drawn > 0;
    if (picked) this.node.geometry = picked;
    return this.node.visible ? drawn : 0;
  }

  private countOf(share: Share): number {
    if (share === "crop") return this.cropped;
    if (share === "none") return 0;
    return share === "all" ? this.count : Math.min(this.count, MOVING_BUDGET);
  }

  dispose(): void {
    this.load(null);
    this.material.dispose();
  }
}

/** WebGL hands 32-bit integers to shaders as integers only: those few frames go up as floats. */
function attributesOf(cloud: DrawnCloud): readonly (readonly [string, BufferAttribute])[] {
  const { count, xyz } = cloud;
  const plane = (n: number) => {
    const part = xyz.subarray(n * count, (n + 1) * count);
    return new BufferAttribute(part instanceof Int16Array ? part : Float32Array.from(part), 1);
  };
  const intensity = cloud.intensity ?? new Uint8Array(count).fill(128);
  return [
    ["px", plane(0)],
    ["py", plane(1)],
    ["pz", plane(2)],
    ["intensity", new BufferAttribute(intensity, 1)],
  ];
}

const LEVEL_SAMPLES = 4096;
const LEVEL_SHARE = 0.1;

/** A road level for where no raster reaches: a low share of the points' heights. */
function levelUnder(cloud: DrawnCloud): number {
  const { rotation, translation_m } = cloud.ego_from_sensor;
  const heights: number[] = [];
  for (const n of everyNth(cloud.count, LEVEL_SAMPLES)) {
    const along = (axis: 0 | 1 | 2) =>
      (cloud.xyz[axis * cloud.count + n] ?? 0) * cloud.scale_m[axis] + cloud.origin_m[axis];
    const height = rotation[6] * along(0) + rotation[7] * along(1) + rotation[8] * along(2);
    heights.push(height + translation_m[2]);
  }
  heights.sort((a, b) => a - b);
  return heights[Math.floor(heights.length * LEVEL_SHARE)] ?? 0;
}

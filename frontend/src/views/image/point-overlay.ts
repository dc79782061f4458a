/** The LiDAR's points on a picture, coloured by depth: the quickest look at whether a calibration holds. */

import type { CameraSensor, Scene } from "../../core/scene";
import type { AtNs } from "../../core/types";
import type { PointCloud } from "../../data/points";
import { project } from "../../math/camera";
import { apply, compose, type Rigid } from "../../math/rigid";
import { type PaletteName, sample } from "../../render/palettes";

export interface ImagePoints {
  readonly count: number;
  /** u, v after one another. */
  readonly pixels: Float32Array;
  readonly depths_m: Float32Array;
}

/** No more than this many points are projected for a picture. */
const BUDGET = 60_000;
const NEAREST_M = 0.5;

/** Points of a sweep in a camera, each standing still in the world between the two times. */
export function imagePoints(
  scene: Scene,
  camera: CameraSensor,
  cloud: PointCloud,
  times: { readonly lidar_ns: AtNs; readonly camera_ns: AtNs },
): ImagePoints {
  const camera_from_ego: Rigid = compose(
    scene.sensorFromWorld(camera.key, times.camera_ns),
    scene.worldFromEgo(times.lidar_ns),
  );
  const total = cloud.positions.length / 3;
  const step = Math.max(1, Math.ceil(total / BUDGET));
  const pixels = new Float32Array(Math.ceil(total / step) * 2);
  const depths_m = new Float32Array(Math.ceil(total / step));
  let count = 0;
  for (let n = 0; n < total; n += step) {
    const at = n * 3;
    const { positions: p } = cloud;
    const point = apply(camera_from_ego, [p[at] ?? 0, p[at + 1] ?? 0, p[at + 2] ?? 0]);
    const pixel = point[2] > NEAREST_M ? project(camera.camera, point) : null;
    if (!pixel || !isInside(pixel, camera)) continue;
    pixels.set(pixel, count * 2);
    depths_m[count] = point[2];
    count += 1;
  }
  return { count, pixels, depths_m };
}

function isInside([u, v]: readonly [number, number], { camera }: CameraSensor): boolean {
  return u >= 0 && v >= 0 && u < camera.width_px && v < camera.height_px;
}

const BINS = 24;
const FAR_M = 70;

/** Points in bins of depth, so that a colour is set once for many. */
export function drawImagePoints(
  context: CanvasRenderingContext2D,
  points: ImagePoints,
  place: { readonly scale: number; readonly left: number; readonly top: number },
  palette: PaletteName,
): void {
  const bins: number[][] = Array.from({ length: BINS }, () => []);
  for (let n = 0; n < points.count; n++) {
    const share = Math.min((points.depths_m[n] ?? 0) / FAR_M, 0.999);
    bins[Math.floor(Math.sqrt(share) * BINS)]?.push(n);
  }
  bins.forEach((members, bin) => {
    const [r, g, b] = sample(palette, 1 - bin / BINS);
    context.fillStyle = `rgb(${r * 255} ${g * 255} ${b * 255})`;
    for (const n of members) {
      const x = ((points.pixels[n * 2] ?? 0) + 0.5) * place.scale + place.left;
      const y = ((points.pixels[n * 2 + 1] ?? 0) + 0.5) * place.scale + place.top;
      context.fillRect(x - 0.75, y - 0.75, 1.5, 1.5);
    }
  });
}

/** Faces that points hold, and faces that are only assumed. */

import { describe, expect, it } from "vitest";
import type { Cuboid } from "../core/types";
import type { PointCloud } from "../data/points";
import { buildGrid } from "../math/grid";
import { fromYaw } from "../math/quaternion";
import { IDENTITY } from "../math/rigid";
import { assumedFaces } from "./evidence";
import { facesSeenFrom, fitFaces } from "./fitting";

const CAR: Cuboid = { center_m: [10, 0, 0.8], quaternion_xyzw: fromYaw(0), size_m: [4, 2, 1.6] };

/** Points on the rear face and the left side, as a sensor at the origin sees a car ahead to its right. */
function cloudOf(points: readonly (readonly [number, number, number])[]): PointCloud {
  const positions = Float32Array.from(points.flat());
  const grid = buildGrid(positions);
  const frame = {
    count: points.length,
    time_s: 0,
    scale_m: [1, 1, 1],
    origin_m: [0, 0, 0],
    xyz: new Int16Array(points.length * 3),
    intensity: null,
    ring: null,
    dt_us: null,
  } as const;
  return {
    frame,
    ego_from_sensor: IDENTITY,
    positions,
    grid,
    aboveGround: grid,
    ground: null,
    bytes: 0,
  };
}

const REAR = Array.from({ length: 12 }, (_, n) => [8.02, -0.9 + n * 0.15, 0.9] as const);
const LEFT = Array.from({ length: 20 }, (_, n) => [8.2 + n * 0.15, 0.98, 1.1] as const);

describe("evidence", () => {
  it("holds the faces that have points, and no other", () => {
    const assumed = assumedFaces(cloudOf([...REAR, ...LEFT]), CAR);
    expect([...assumed].sort()).toEqual(["bottom", "front", "right", "top"]);
  });

  it("is asked of nothing where there are no points or no box", () => {
    expect(assumedFaces(null, CAR).size).toBe(0);
    expect(assumedFaces(cloudOf(REAR), null).size).toBe(0);
  });
});

describe("fitting", () => {
  it("touches the faces that the sensor sees", () => {
    expect([...facesSeenFrom(CAR, [0, 4, 1.8])].sort()).toEqual(["left", "rear", "top"]);
    expect(facesSeenFrom(CAR, [10, 0, 0.8])).toEqual([]);
  });

  it("draws a loose face in to its points and leaves its opposite", () => {
    const loose: Cuboid = { ...CAR, center_m: [9.85, 0, 0.8], size_m: [4.3, 2, 1.6] };
    const fitted = fitFaces(cloudOf([...REAR, ...LEFT]), loose, ["rear"]);
    expect(fitted.center_m[0] - fitted.size_m[0] / 2).toBeCloseTo(8.02, 1);
    expect(fitted.center_m[0] + fitted.size_m[0] / 2).toBeCloseTo(12, 6);
  });
});

/** The server's own vectors for points: the same indices, heights and cuboids. */

import { describe, expect, it } from "vitest";
import type { CameraModel, Cuboid, Vec3 } from "../core/types";
import { type Fitted, fitPoints, type Prior, tightened } from "./fit";
import { expectSame, golden } from "./golden";
import { buildGrid, indicesInside } from "./grid";
import { type GroundRaster, groundHeight, groundUnder, UNKNOWN_MM } from "./ground";
import { grow } from "./grow";
import type { BoxPx } from "./iou";
import { lShape } from "./lshape";
import { normalized, upper } from "./quaternion";
import { depthBuffer, visibleShare } from "./visibility";

function flatten(points_m: readonly Vec3[]): Float64Array {
  return Float64Array.from(points_m.flat());
}

interface GivenRaster {
  corner_m: [number, number];
  cell_m: number;
  height_m: (number | null)[][];
}

function raster({ corner_m, cell_m, height_m }: GivenRaster): GroundRaster {
  return {
    nx: height_m[0]?.length ?? 0,
    ny: height_m.length,
    cell_m,
    origin_x_m: corner_m[0],
    origin_y_m: corner_m[1],
    height_mm: Float64Array.from(
      height_m.flat().map((height) => (height === null ? UNKNOWN_MM : height * 1000)),
    ),
  };
}

function unitCuboid(given: Cuboid): Cuboid {
  return { ...given, quaternion_xyzw: normalized(given.quaternion_xyzw) };
}

describe("points in cuboids", () => {
  interface InsideGiven {
    cuboids: Cuboid[];
    points_m: Vec3[];
  }
  it.each(golden<InsideGiven, { indices: number[][] }>("inside"))(
    "$name",
    ({ input, expected }) => {
      const positions = flatten(input.points_m);
      const grid = buildGrid(positions);

      const found = input.cuboids.map((cuboid) =>
        [...indicesInside(grid, positions, unitCuboid(cuboid))].sort((a, b) => a - b),
      );

      expect(found).toEqual(expected.indices);
    },
  );
});

describe("the ground", () => {
  interface AtGiven {
    raster: GivenRaster;
    place_m: [number, number];
  }
  it.each(golden<AtGiven, { height_m: number | null }>("ground_at"))(
    "at a place: $name",
    ({ input, expected }) => {
      const height = groundHeight(raster(input.raster), ...input.place_m);
      expectSame(height, expected.height_m);
    },
  );

  interface UnderGiven {
    raster: GivenRaster;
    cuboid: Cuboid;
  }
  it.each(golden<UnderGiven, { ground_m: number | null }>("ground_under"))(
    "under a cuboid: $name",
    ({ input, expected }) => {
      const height = groundUnder(raster(input.raster), unitCuboid(input.cuboid));
      expectSame(height, expected.ground_m);
    },
  );
});

describe("visibility", () => {
  interface VisibleGiven {
    camera: CameraModel;
    cloud_m: Vec3[] | null;
    held_m: Vec3[];
    box_px: BoxPx;
    nearer_px: BoxPx[];
  }
  it.each(golden<VisibleGiven, { visible: number }>("visible"))("$name", ({ input, expected }) => {
    const { camera, cloud_m } = input;
    const buffer = cloud_m && depthBuffer(camera, (visit) => cloud_m.forEach(visit));
    const args = { buffer, box_px: input.box_px, nearer_px: () => input.nearer_px };
    expectSame(visibleShare(input.held_m, args), expected.visible);
  });
});

describe("growing and fitting", () => {
  interface GrowGiven {
    points_m: Vec3[];
    seed_m: Vec3;
    reach_m: number;
  }
  it.each(golden<GrowGiven, { indices: number[] }>("grow"))(
    "grow: $name",
    ({ input, expected }) => {
      const positions = flatten(input.points_m);
      const found = grow(positions, buildGrid(positions), input.seed_m, input);
      expect(found).toEqual(expected.indices);
    },
  );

  interface LGiven {
    points_m: Vec3[];
  }
  it.each(golden<LGiven, { yaw_rad: number; closeness: number }>("l_shape"))(
    "heading: $name",
    ({ input, expected }) => {
      for (const points of [input.points_m, input.points_m.toReversed()]) {
        const found = lShape(points.map(([x, y]) => [x, y]));
        expectSame(found.yaw_rad, expected.yaw_rad);
        expectSame(found.closeness, expected.closeness);
      }
    },
  );

  interface FitGiven {
    points_m: Vec3[];
    prior: Omit<Prior, "boxy">;
    ground_m: number | null;
    sensor_m: Vec3;
  }
  function expectCuboid(found: Cuboid | undefined, expected: Cuboid): void {
    expectSame(found?.center_m ?? null, expected.center_m);
    expectSame(found?.size_m ?? null, expected.size_m);
    expectSame(upper(found?.quaternion_xyzw ?? [0, 0, 0, 1]), upper(expected.quaternion_xyzw));
  }
  it.each(golden<FitGiven, Fitted>("fit"))("fit: $name", ({ input, expected }) => {
    const found = fitPoints(input.points_m, { ...input, prior: { ...input.prior, boxy: true } });

    expectCuboid(found.cuboid, expected.cuboid);
    expect(found.assumed).toEqual(expected.assumed);
    expectSame(found.score, expected.score);
    for (const [n, candidate] of expected.candidates.entries()) {
      expectCuboid(found.candidates[n], candidate);
    }
  });

  it("draws faces in to the points, and leaves the bottom", () => {
    const cuboid: Cuboid = {
      center_m: [10, 0, 1],
      quaternion_xyzw: [0, 0, 0, 1],
      size_m: [6, 4, 2],
    };
    const corners = [-1, 1].flatMap((x) =>
      [-1, 1].flatMap((y) => [0.5, 1.5].map((z): Vec3 => [10 + 2 * x, y, z])),
    );

    const tight = tightened(cuboid, corners);

    expectSame(tight.size_m, [4, 2, 1.5]);
    expectSame(tight.center_m, [10, 0, 0.75]);
    expect(tightened(cuboid, [])).toBe(cuboid);
  });
});

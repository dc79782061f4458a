/** The server's own vectors: both languages give the same numbers. */

import { describe, expect, it } from "vitest";
import type { Box, CameraModel, Cuboid, Pose, Vec3 } from "../core/types";
import { project, unproject, validRadius } from "./camera";
import { corners, fromBody, volume, yaw } from "./cuboid";
import { expectSame, golden } from "./golden";
import { bevIou, boxIou, intersection_m3, iou3d } from "./iou";
import { PoseTrack } from "./poses";
import { projectCuboid } from "./projection";
import { normalized, upper } from "./quaternion";
import { apply, compose, fromPose, inverse, toPose } from "./rigid";
import { type Motion, Trajectory } from "./trajectory";

function unitCuboid(given: Cuboid): Cuboid {
  return { ...given, quaternion_xyzw: normalized(given.quaternion_xyzw) };
}

describe("poses", () => {
  interface RigidExpected {
    applied_m: Vec3[];
    inverse_applied_m: Vec3[];
    rotation: [Vec3, Vec3, Vec3];
    quaternion_xyzw: number[];
  }
  const rigids = golden<{ pose: Pose; points_m: Vec3[] }, RigidExpected>("rigid");
  it.each(rigids)("move points and back: $name", ({ input, expected }) => {
    const pose = fromPose(input.pose);

    expectSame(
      input.points_m.map((point) => apply(pose, point)),
      expected.applied_m,
    );
    expectSame(
      input.points_m.map((point) => apply(inverse(pose), point)),
      expected.inverse_applied_m,
    );
    expectSame(pose.rotation, expected.rotation.flat());
    expectSame(toPose(pose).quaternion_xyzw, expected.quaternion_xyzw);
  });

  it.each(golden<{ a_from_b: Pose; b_from_c: Pose }, Pose>("compose"))(
    "chain: $name",
    ({ input, expected }) => {
      const chained = toPose(compose(fromPose(input.a_from_b), fromPose(input.b_from_c)));

      expectSame(chained.quaternion_xyzw, expected.quaternion_xyzw);
      expectSame(chained.translation_m, expected.translation_m);
    },
  );

  interface PosesGiven {
    poses: (Pose & { time_s: number })[];
    time_s: number;
  }
  it.each(golden<PosesGiven, Pose | null>("poses"))(
    "are interpolated by time: $name",
    ({ input, expected }) => {
      const track = new PoseTrack(
        input.poses.map((pose) => ({ ...pose, at_ns: pose.time_s * 1e9 })),
      );

      const found = track.at(input.time_s * 1e9);

      expect(found === null).toBe(expected === null);
      if (!found || !expected) return;
      expectSame(toPose(found).quaternion_xyzw, expected.quaternion_xyzw);
      expectSame(found.translation_m, expected.translation_m);
    },
  );
});

describe("cuboids", () => {
  interface CuboidExpected {
    corners_m: Vec3[];
    yaw_rad: number;
    bottom_m: Vec3;
  }
  it.each(golden<Cuboid, CuboidExpected>("cuboid"))(
    "have their corners: $name",
    ({ input, expected }) => {
      const cuboid = unitCuboid(input);

      expectSame(corners(cuboid), expected.corners_m);
      expectSame(yaw(cuboid), expected.yaw_rad);
      expectSame(fromBody(cuboid, [0, 0, -cuboid.size_m[2] / 2]), expected.bottom_m);
    },
  );

  interface OverlapExpected {
    bev_iou: number;
    iou_3d: number;
    of_smaller: number;
  }
  it.each(golden<{ a: Cuboid; b: Cuboid }, OverlapExpected>("overlap"))(
    "overlap: $name",
    ({ input, expected }) => {
      const [a, b] = [unitCuboid(input.a), unitCuboid(input.b)];

      expectSame(bevIou(a, b), expected.bev_iou);
      expectSame(iou3d(a, b), expected.iou_3d);
      expectSame(intersection_m3(a, b) / Math.min(volume(a), volume(b)), expected.of_smaller);
    },
  );

  type BoxPx = Box["box_px"];
  it.each(golden<{ a_px: BoxPx; b_px: BoxPx }, { iou: number }>("boxes"))(
    "of the image overlap: $name",
    ({ input, expected }) => {
      expectSame(boxIou(input.a_px, input.b_px), expected.iou);
    },
  );
});

describe("cameras", () => {
  interface CameraExpected {
    valid_radius: number | null;
    pixels_px: (readonly [number, number] | null)[];
    rays: (Vec3 | null)[];
  }
  it.each(golden<{ camera: CameraModel; points_m: Vec3[] }, CameraExpected>("camera"))(
    "project and go back: $name",
    ({ input, expected }) => {
      const pixels = input.points_m.map((point) => project(input.camera, point));
      const radius = validRadius(input.camera);

      expectSame(Number.isFinite(radius) ? radius : null, expected.valid_radius);
      expectSame(pixels, expected.pixels_px);
      expectSame(
        pixels.map((pixel) => pixel && unproject(input.camera, pixel)),
        expected.rays,
      );
    },
  );

  interface ProjectionExpected {
    full_px: number[];
    clipped_px: number[];
    truncation: number;
    depth_m: number;
  }
  it.each(
    golden<{ camera: CameraModel; cuboid: Cuboid }, ProjectionExpected | null>("projection"),
  )("see a cuboid: $name", ({ input, expected }) => {
    const seen = projectCuboid(input.camera, unitCuboid(input.cuboid));

    expect(seen === null).toBe(expected === null);
    if (!seen || !expected) return;
    expectSame(seen.full_px, expected.full_px);
    expectSame(seen.box_px, expected.clipped_px);
    expectSame(seen.truncation, expected.truncation);
    expectSame(seen.depth_m, expected.depth_m);
  });
});

describe("objects between their keys", () => {
  interface TrajectoryGiven {
    keyframes: { time_s: number; cuboid: Cuboid | null; stop: boolean }[];
    motion: Motion;
    time_s: number;
  }
  interface TrajectoryExpected extends Cuboid {
    velocity_m_s: Vec3;
  }
  it.each(golden<TrajectoryGiven, TrajectoryExpected | null>("trajectory"))(
    "$name",
    ({ input, expected }) => {
      const keys = input.keyframes.map(({ time_s, cuboid, stop }) => ({
        at_ns: time_s * 1e9,
        cuboid: cuboid && unitCuboid(cuboid),
        stop,
      }));

      const found = new Trajectory(keys, input.motion).at(input.time_s * 1e9);

      expect(found === null).toBe(expected === null);
      if (!found || !expected) return;
      expectSame(found.cuboid.center_m, expected.center_m);
      expectSame(found.cuboid.size_m, expected.size_m);
      expectSame(upper(found.cuboid.quaternion_xyzw), upper(expected.quaternion_xyzw));
      expectSame(found.velocity_m_s, expected.velocity_m_s);
    },
  );
});

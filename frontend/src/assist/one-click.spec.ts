import { describe, expect, it } from "vitest";
import { limitsOf, Standards } from "../core/limits";
import { GUIDELINE, seeded } from "../core/samples";
import type { Cuboid, Vec3 } from "../core/types";
import { corners, yaw } from "../math/cuboid";
import { bevIou, iou3d } from "../math/iou";
import type { PickView, Ray } from "../math/ray";
import { wrapAngle } from "../math/vec";
import type { Cloud } from "./cloud";
import { answerClick, type ClickRequest, clickRequest, priorOf, seedOf } from "./one-click";
import { ringPitch, USUAL_PITCH_RAD } from "./pitch";
import { fittedFace, fittedYaw, snappedToGround, tightenedAll } from "./snap";
import { car, LIDAR_M, street } from "./street";

const standards = new Standards(GUIDELINE);

/** The ego's surroundings from above: 10 pixels a metre, the ego in the middle. */
const ABOVE: PickView = {
  clip_from_ego: [0.02, 0, 0, 0, 0, 0.02, 0, 0, 0, 0, -0.02, 0, 0, 0, 0, 1],
  width_px: 1000,
  height_px: 1000,
};

function pixelOf([x, y]: Vec3): readonly [number, number] {
  return [500 * (1 + 0.02 * x), 500 * (1 - 0.02 * y)];
}

function rayAt([x, y]: Vec3): Ray {
  return { origin_m: [x, y, 50], direction: [0, 0, -1] };
}

function clickOn(cloud: Cloud, at: Vec3, heading_rad: number | null = null): ClickRequest {
  const seed = seedOf({ cloud, view: ABOVE, at_px: pixelOf(at), ray: rayAt(at) });
  if (!seed) throw new RangeError("the click hit nothing");
  return clickRequest({
    cloud,
    seed_m: seed,
    prior: priorOf({ standard: standards.of("car"), heading_rad }),
    sensor_m: LIDAR_M,
    pitch_rad: USUAL_PITCH_RAD,
  });
}

/** The corner of a car that is nearest to the lidar: there it has points. */
function nearestSide(box: Cuboid): Vec3 {
  const [nearest] = corners(box).toSorted(
    (a, b) => Math.hypot(a[0], a[1]) - Math.hypot(b[0], b[1]),
  );
  return nearest ?? box.center_m;
}

function quarterOff(a: Cuboid, b: Cuboid): number {
  const off = Math.abs(wrapAngle(yaw(a) - yaw(b))) % (Math.PI / 2);
  return Math.min(off, Math.PI / 2 - off);
}

describe("one click", () => {
  it("finds cars that show two sides within a degree and most of their footprint", () => {
    const random = seeded(3);
    const truth = [
      car(14, 6, 0.5),
      car(-12, 9, 2.4),
      car(18, -9, -0.7),
      car(-20, -8, 0.4),
      car(9, -16, 1.1),
      car(25, 12, -0.3),
    ];
    const cloud = street({ cars: truth, random, groundPoints: 20_000 });

    const found = truth.map((box) => answerClick(clickOn(cloud, nearestSide(box), yaw(box))));

    for (const [n, proposal] of found.entries()) {
      const box = truth[n] ?? proposal.cuboid;
      expect(proposal.count).toBeGreaterThan(50);
      expect((quarterOff(proposal.cuboid, box) * 180) / Math.PI).toBeLessThan(1);
      expect(bevIou(proposal.cuboid, box)).toBeGreaterThan(0.85);
      expect(iou3d(proposal.cuboid, box)).toBeGreaterThan(0.8);
      expect(proposal.candidates).toHaveLength(3);
    }
  });

  it("says which faces it had to assume where only one side is seen", () => {
    const box = car(20, 0, 0);
    const cloud = street({ cars: [box], random: seeded(4), groundPoints: 5000 });

    const proposal = answerClick(clickOn(cloud, [17.75, 0, 0.7], 0));

    expect(proposal.assumed).toContain("front");
    expect(proposal.cuboid.size_m[0]).toBeCloseTo(4.5, 2);
    expect(bevIou(proposal.cuboid, box)).toBeGreaterThan(0.85);
  });

  it("takes the shorter steps when two cars stand close", () => {
    const [left, right] = [car(15, 5, 0.1), car(15, 2.3, 0.1)];
    const cloud = street({ cars: [left, right], random: seeded(5), groundPoints: 5000 });

    const proposal = answerClick(clickOn(cloud, [12.9, 4.8, 0.7], 0.1));

    expect(bevIou(proposal.cuboid, left)).toBeGreaterThan(bevIou(proposal.cuboid, right));
    expect(proposal.cuboid.size_m[1]).toBeLessThan(2.5);
  });

  it("puts the usual size on the ground where there is no point", () => {
    const cloud = street({ cars: [], random: seeded(6), groundPoints: 0 });

    const proposal = answerClick(clickOn(cloud, [10, 10, 0], 0.3));

    expect(proposal.count).toBe(0);
    expect(proposal.score).toBe(0);
    expect(proposal.assumed).toHaveLength(6);
    expect(proposal.cuboid.center_m).toEqual([10, 10, 0.8]);
    expect(yaw(proposal.cuboid)).toBeCloseTo(0.3, 12);
  });

  it("keeps the size of the track", () => {
    const box = car(14, 6, 0.5);
    const cloud = street({ cars: [box], random: seeded(7), groundPoints: 5000 });
    const request = clickOn(cloud, nearestSide(box), 0.5);

    const proposal = answerClick({
      ...request,
      prior: { ...request.prior, track_m: [4.8, 1.9, 1.55] },
    });

    expect(proposal.cuboid.size_m[0]).toBeCloseTo(4.8, 9);
    expect(proposal.cuboid.size_m[1]).toBeCloseTo(1.9, 9);
    expect(proposal.cuboid.size_m[2]).toBeCloseTo(1.55, 9);
  });

  it("knows the thirteen classes' groups", () => {
    expect(priorOf({ standard: standards.of("pedestrian") }).boxy).toBe(false);
    expect(priorOf({ standard: standards.of("truck") }).length_m).toEqual(
      limitsOf(["truck"]).length_m,
    );
  });
});

describe("the ring pitch", () => {
  it("is the usual angle between rings", () => {
    const ring = new Uint8Array(640);
    const positions = new Float32Array(640 * 3);
    for (let n = 0; n < 640; n++) {
      ring[n] = n % 32;
      const elevation = ((n % 32) - 20) * 0.02;
      positions.set([20 * Math.cos(elevation), 0, 20 * Math.sin(elevation)], 3 * n);
    }

    expect(ringPitch(positions, ring)).toBeCloseTo(0.02, 5);
    expect(ringPitch(positions, null)).toBe(USUAL_PITCH_RAD);
  });
});

describe("one-key corrections", () => {
  const box = car(14, 6, 0.5);
  const cloud = street({ cars: [box], random: seeded(8), groundPoints: 5000 });

  it("set a floating cuboid on the ground", () => {
    const floating = { ...box, center_m: [14, 6, 1.4] as const };

    expect(snappedToGround(cloud, floating).center_m[2]).toBeCloseTo(0.75, 9);
  });

  it("draw faces in, and leave the bottom", () => {
    const loose: Cuboid = { ...box, size_m: [6, 3, 1.5] };

    const tight = tightenedAll(cloud, loose);

    expect(tight.size_m[0]).toBeLessThan(4.8);
    expect(tight.center_m[2] - tight.size_m[2] / 2).toBeCloseTo(0, 9);
  });

  it("move one face to where its points end, and no other", () => {
    const short: Cuboid = { ...box, size_m: [4.5, 1.85, 1.2], center_m: [14, 6, 0.6] };

    const fitted = fittedFace(cloud, short, "top");

    expect(fitted.size_m.slice(0, 2)).toEqual([4.5, 1.85]);
    expect(fitted.center_m[2] - fitted.size_m[2] / 2).toBeCloseTo(0, 9);
    expect(fitted.size_m[2]).toBeGreaterThan(1.2);
  });

  it("turn to what the points show, the nearest of four ways", () => {
    const askew: Cuboid = { ...box, quaternion_xyzw: car(0, 0, 0.62).quaternion_xyzw };

    expect(Math.abs(wrapAngle(yaw(fittedYaw(cloud, askew)) - 0.5))).toBeLessThan(0.02);
  });
});

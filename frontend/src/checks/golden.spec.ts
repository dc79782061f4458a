/** The server's own vectors for the checks: the same severities, numbers and sentences. */

import { describe, expect, it } from "vitest";
import { CHECK_IDS, limitsOf, paramsOf, spansOf } from "../core/limits";
import type { CameraModel, Cuboid, Pose, Severity, Vec3 } from "../core/types";
import { expectSame, golden } from "../math/golden";
import { normalized, upper } from "../math/quaternion";
import { fromPose } from "../math/rigid";
import { type BoxPx, type Draft, type DraftFix, noisePx, type Part, sentence } from "./draft";
import { checkGround } from "./ground";
import { checkClass, checkMissingBox, checkMissingCuboid, frustumCluster } from "./links";
import { checkSpeed, checkYawRate, speeds, yawRates } from "./motion";
import { checkOverlap } from "./overlap";
import { checkFew, checkOutside, expectedPoints } from "./points";
import { checkCenter, checkEdges, checkIou, type Pairing } from "./projection";
import { checkPrior, checkTrackSize } from "./size";
import { bestChange } from "./solve";

interface ExpectedFix {
  kind: string;
  words: string;
  parts: Record<string, Part>;
  cuboid?: Cuboid;
  box_px?: number[];
  seed_m?: Vec3;
}

interface Expected {
  severity: Severity;
  measured: number;
  threshold: number;
  unit: string;
  words: string;
  parts: Record<string, Part>;
  sentence: string;
  fixes: ExpectedFix[];
}

function given(cuboid: Cuboid): Cuboid {
  return { ...cuboid, quaternion_xyzw: normalized(cuboid.quaternion_xyzw) };
}

function expectParts(measured: Record<string, Part>, expected: Record<string, Part>): void {
  expect(Object.keys(measured).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    if (typeof value === "number") expectSame(Number(measured[name]), value, 1e-7);
    else expect(measured[name]).toBe(value);
  }
}

function expectFix(fix: DraftFix | undefined, expected: ExpectedFix, tolerance = 1e-9): void {
  expect(fix?.kind).toBe(expected.kind);
  expect(fix?.words).toBe(expected.words);
  expectParts({ ...fix?.parts }, expected.parts);
  if (fix && "cuboid" in fix && expected.cuboid) {
    expectSame(fix.cuboid.center_m, expected.cuboid.center_m, tolerance);
    expectSame(fix.cuboid.size_m, expected.cuboid.size_m, tolerance);
    const turned = upper(fix.cuboid.quaternion_xyzw);
    expectSame(turned, upper(expected.cuboid.quaternion_xyzw), tolerance);
  }
  if (fix && "box_px" in fix) expectSame(fix.box_px, expected.box_px ?? null);
  if (fix && "seed_m" in fix) expectSame(fix.seed_m, expected.seed_m ?? null);
}

function expectDraft(draft: Draft | null, expected: Expected | null): void {
  expect(draft === null).toBe(expected === null);
  if (!draft || !expected) return;
  expect([draft.severity, draft.unit, draft.words]).toEqual([
    expected.severity,
    expected.unit,
    expected.words,
  ]);
  expectSame(draft.measured, expected.measured);
  expectSame(draft.threshold, expected.threshold);
  expectParts({ ...draft.parts }, expected.parts);
  expect(sentence(draft.words, draft.parts)).toBe(expected.sentence);
  expect(draft.fixes).toHaveLength(expected.fixes.length);
  for (const [n, fix] of expected.fixes.entries()) expectFix(draft.fixes[n], fix);
}

interface Classed {
  class: string;
  was: Severity | null;
}

function usual(check: string, input: Classed) {
  return { limits: limitsOf([input.class]), params: paramsOf(check), was: input.was };
}

describe("limits", () => {
  interface LimitsGiven {
    classes: string[];
    overrides: Record<string, number | number[] | null>;
  }
  it.each(golden<LimitsGiven, object>("check_limits"))("$name", ({ input, expected }) => {
    expect(limitsOf(input.classes, input.overrides)).toEqual(expected);
  });

  it("refuse what is not a field", () => {
    expect(() => limitsOf(["car"], { horsepower: 90 })).toThrow("horsepower");
    expect(() => paramsOf("kin.speed", { mood: 1 })).toThrow("mood");
    expect(() => limitsOf(["car"], { length_m: 4 })).toThrow("length_m");
  });

  it("know the thirteen checks", () => {
    expect(CHECK_IDS).toHaveLength(13);
  });
});

describe("noise", () => {
  interface NoiseGiven {
    noise: { pixel_px: number; rotation_rad: number; translation_m: number; sync_s: number };
    focal_px: number;
    depth_m: number;
    across_m_s: number;
  }
  it.each(golden<NoiseGiven, { noise_px: number }>("check_noise"))(
    "$name",
    ({ input, expected }) => {
      expectSame(noisePx(input.noise, input), expected.noise_px);
    },
  );
});

interface PairGiven extends Classed {
  projected_px: BoxPx;
  label_px: BoxPx;
  image_px: [number, number];
  noise_px: number;
  visible_only: boolean;
  explained: boolean;
}

function pairing(input: PairGiven): Pairing {
  return { ...input, visibleOnly: input.visible_only };
}

describe("projection and drawn box", () => {
  it.each(golden<PairGiven, Expected | null>("check_proj_edges"))(
    "edges: $name",
    ({ input, expected }) => {
      expectDraft(checkEdges(pairing(input), usual("proj.edges", input)), expected);
    },
  );

  it.each(golden<PairGiven, Expected | null>("check_proj_iou"))(
    "overlap: $name",
    ({ input, expected }) => {
      const args = { ...usual("proj.iou", input), explained: input.explained };
      expectDraft(checkIou(pairing(input), args), expected);
    },
  );

  it.each(golden<PairGiven, Expected | null>("check_proj_center"))(
    "middles: $name",
    ({ input, expected }) => {
      const args = { ...usual("proj.center", input), explained: input.explained };
      expectDraft(checkCenter(pairing(input), args), expected);
    },
  );

  interface ChangeGiven {
    camera: CameraModel;
    camera_from_frame: Pose;
    cuboid: Cuboid;
    label_px: BoxPx;
    sides: [boolean, boolean, boolean, boolean];
    class: string;
    share_min: number;
  }
  it.each(golden<ChangeGiven, ExpectedFix | null>("check_best_change"))(
    "best change: $name",
    ({ input, expected }) => {
      const view = {
        camera: input.camera,
        camera_from_frame: fromPose(input.camera_from_frame),
      };
      const fix = bestChange(given(input.cuboid), view, {
        label_px: input.label_px,
        sides: input.sides,
        spans_m: spansOf(limitsOf([input.class])),
        shareMin: input.share_min,
      });

      expect(fix === null).toBe(expected === null);
      if (fix && expected) expectFix(fix, expected, 1e-7);
    },
  );
});

describe("links", () => {
  interface MissingGiven {
    seen: { full_px: BoxPx; clipped_px: BoxPx; truncation: number; depth_m: number };
    visibility: number;
    confirmed: boolean;
    submitting: boolean;
    was: Severity | null;
  }
  it.each(golden<MissingGiven, Expected | null>("check_link_missing_box"))(
    "missing box: $name",
    ({ input, expected }) => {
      const seen = { ...input.seen, box_px: input.seen.clipped_px };
      const args = { ...input, params: paramsOf("link.missing") };
      expectDraft(checkMissingBox(seen, input.visibility, args), expected);
    },
  );

  interface FrustumGiven {
    camera: CameraModel;
    box_px: BoxPx;
    points_m: Vec3[];
    diagonal_m: number;
    was: Severity | null;
  }
  interface FrustumExpected {
    cluster_m: Vec3[];
    draft: Expected | null;
  }
  it.each(golden<FrustumGiven, FrustumExpected>("check_link_missing_cuboid"))(
    "missing cuboid: $name",
    ({ input, expected }) => {
      const params = paramsOf("link.missing");
      const cluster = frustumCluster(input.points_m, { ...input, params });

      expectSame(cluster, expected.cluster_m);
      expectDraft(checkMissingCuboid(cluster, params, input.was), expected.draft);
    },
  );

  interface ClassGiven {
    class_a: string;
    class_b: string;
    confusable: [string, string][];
  }
  it.each(golden<ClassGiven, Expected | null>("check_link_class"))(
    "class: $name",
    ({ input, expected }) => {
      expectDraft(checkClass(input.class_a, input.class_b, input.confusable), expected);
    },
  );
});

describe("points", () => {
  interface FewGiven extends Classed {
    held: number;
    expected: number | null;
    radar_hits: number;
  }
  it.each(golden<FewGiven, Expected | null>("check_pts_few"))(
    "few: $name",
    ({ input, expected }) => {
      const args = { ...usual("pts.few", input), expected: input.expected };
      expectDraft(checkFew(input.held, { ...args, radarHits: input.radar_hits }), expected);
    },
  );

  interface RaysGiven {
    cuboid: Cuboid;
    sensor_m: Vec3;
    azimuth_rad: number;
    elevation_rad: number;
    visibility: number;
  }
  it.each(golden<RaysGiven, { expected: number }>("check_pts_expected"))(
    "expected: $name",
    ({ input, expected }) => {
      const rays = expectedPoints(given(input.cuboid), input.sensor_m, input, input.visibility);
      expectSame(rays, expected.expected);
    },
  );

  interface OutsideGiven extends Classed {
    cuboid: Cuboid;
    local_m: Vec3[];
    above: boolean[];
    sensor_m: Vec3;
    mirrors_included: boolean;
  }
  it.each(golden<OutsideGiven, Expected | null>("check_pts_outside"))(
    "outside: $name",
    ({ input, expected }) => {
      const args = {
        ...usual("pts.outside", input),
        mirrorsIncluded: input.mirrors_included,
      };
      expectDraft(checkOutside(given(input.cuboid), input, args), expected);
    },
  );
});

describe("ground and size", () => {
  interface GroundGiven extends Classed {
    cuboid: Cuboid;
    ground_m: number | null;
  }
  it.each(golden<GroundGiven, Expected | null>("check_ground_gap"))(
    "ground: $name",
    ({ input, expected }) => {
      const limits = limitsOf([input.class]);
      expectDraft(checkGround(given(input.cuboid), input.ground_m, limits, input.was), expected);
    },
  );

  interface PriorGiven extends Classed {
    size_m: Vec3;
    statistics: { mean_m: Vec3; deviation_m: Vec3 } | null;
  }
  it.each(golden<PriorGiven, Expected | null>("check_size_prior"))(
    "prior: $name",
    ({ input, expected }) => {
      const args = { ...usual("size.prior", input), statistics: input.statistics };
      expectDraft(checkPrior(input.size_m, args), expected);
    },
  );

  interface TrackGiven extends Classed {
    cuboid: Cuboid;
    track_m: Vec3;
    seen_from_m: Vec3;
  }
  it.each(golden<TrackGiven, Expected | null>("check_size_track"))(
    "track: $name",
    ({ input, expected }) => {
      const args = { ...input, limits: limitsOf([input.class]) };
      expectDraft(checkTrackSize(given(input.cuboid), args), expected);
    },
  );
});

describe("motion and overlap", () => {
  interface PathGiven {
    times_s: number[];
    centers_m: Vec3[];
    yaws_rad: number[];
  }
  interface PathExpected {
    speeds_m_s: number[];
    yaw_rates_rad_s: number[];
  }
  it.each(golden<PathGiven, PathExpected>("check_kinematics"))(
    "kinematics: $name",
    ({ input, expected }) => {
      expectSame(speeds(input.times_s, input.centers_m), expected.speeds_m_s);
      expectSame(yawRates(input.times_s, input.yaws_rad), expected.yaw_rates_rad_s);
    },
  );

  it.each(golden<Classed & { speed_m_s: number }, Expected | null>("check_kin_speed"))(
    "speed: $name",
    ({ input, expected }) => {
      expectDraft(checkSpeed(input.speed_m_s, usual("kin.speed", input)), expected);
    },
  );

  interface TurnGiven extends Classed {
    rate_rad_s: number;
    speed_m_s: number;
  }
  it.each(golden<TurnGiven, Expected | null>("check_kin_yawrate"))(
    "turn: $name",
    ({ input, expected }) => {
      const args = usual("kin.yawrate", input);
      expectDraft(checkYawRate(input.rate_rad_s, input.speed_m_s, args), expected);
    },
  );

  interface OverlapGiven {
    key: string;
    same_class: boolean;
    groups: [string, string];
    of_smaller: number;
    bev_iou: number;
    was: Severity | null;
  }
  it.each(golden<OverlapGiven, Expected | null>("check_dup_overlap"))(
    "overlap: $name",
    ({ input, expected }) => {
      const neighbour = {
        key: input.key,
        sameClass: input.same_class,
        groups: input.groups,
        ofSmaller: input.of_smaller,
        bevIou: input.bev_iou,
      };
      expectDraft(checkOverlap(neighbour, paramsOf("dup.overlap"), input.was), expected);
    },
  );
});

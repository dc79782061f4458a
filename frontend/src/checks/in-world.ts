/** Checks of cuboids in the world: ground.gap, dup.overlap, size.prior, size.track, kin.speed, kin.yawrate. */

import { mergeInto } from "../core/edits";
import { worldKeys } from "../core/evaluate";
import { spansOf } from "../core/limits";
import type { AtNs, Cuboid, LabelledObject, Op, Vec3 } from "../core/types";
import { transformed, volume, yaw } from "../math/cuboid";
import { groundUnder } from "../math/ground";
import { bevIou, intersection_m3 } from "../math/iou";
import { inverse } from "../math/rigid";
import { type CuboidKeyed, putWorld, type Run } from "./context";
import { CLEARS_AT, type Draft, type DraftFix } from "./draft";
import { checkGround } from "./ground";
import { checkSpeed, checkYawRate, fastestTurn, speeds, yawRates } from "./motion";
import { checkOverlap } from "./overlap";
import { checkPrior, checkTrackSize, trackSize } from "./size";

const UNCONFIRMED_WEIGHT = 0.1;

function noOps(): readonly Op[] {
  return [];
}

export function groundCheck(run: Run): void {
  const cuboid = run.cuboidOf(run.object, run.key_ns);
  const ground = run.firstCloud?.ground;
  if (!run.isOn("ground.gap") || !run.standard.grounded || !cuboid) return;
  if (!ground) {
    run.unasked.add("ground.gap");
    return;
  }
  const world_from_ego = run.scene.worldFromEgo(run.key_ns);
  const ego = transformed(inverse(world_from_ego), cuboid);
  const cause = { check: "ground.gap", object_id: run.object.id, at_ns: run.key_ns };
  const { limits } = run.standard;
  const draft = checkGround(ego, groundUnder(ground, ego), limits, run.was(cause));
  run.raise(cause, draft, (fix) =>
    worldFix(run, fix, (moved) => transformed(world_from_ego, moved)),
  );
}

/** A fix that sets the cuboid at this frame's key, taken to the world. */
export function worldFix(
  run: Run,
  fix: DraftFix,
  toWorld: (cuboid: Cuboid) => Cuboid,
): readonly Op[] {
  if (fix.kind !== "set_cuboid") return [];
  return [putWorld(run.object, run.key_ns, toWorld(fix.cuboid))];
}

export function overlapChecks(run: Run): void {
  const mine = run.cuboidOf(run.object, run.key_ns);
  if (!mine || !run.isOn("dup.overlap")) return;
  for (const other of run.objects.values()) {
    if (other.id === run.object.id) continue;
    const theirs = run.cuboidOf(other, run.key_ns);
    if (theirs && mayTouch(mine, theirs)) overlapCheck(run, other, mine, theirs);
  }
}

function mayTouch(a: Cuboid, b: Cuboid): boolean {
  const reach = (each: Cuboid) => Math.hypot(each.size_m[0], each.size_m[1]) / 2;
  const [dx, dy] = [a.center_m[0] - b.center_m[0], a.center_m[1] - b.center_m[1]];
  return Math.hypot(dx, dy) < reach(a) + reach(b);
}

/** What to call an object in a sentence, as the server does. */
export function nameOf(run: Run, object: LabelledObject): string {
  return `${run.standardOf(object).label.toLowerCase()} ${object.id.slice(0, 4)}`;
}

function overlapCheck(run: Run, neighbour: LabelledObject, a: Cuboid, b: Cuboid): void {
  const ofSmaller = intersection_m3(a, b) / Math.min(volume(a), volume(b));
  const iou = bevIou(a, b);
  if (!(ofSmaller > 0 || iou > 0)) return;
  const [one, other] = ordered(run.object, neighbour);
  const cause = {
    check: "dup.overlap",
    object_id: one.id,
    other_id: other.id,
    at_ns: run.key_ns,
  };
  const draft = checkOverlap(
    {
      key: nameOf(run, other),
      sameClass: one.class === other.class,
      groups: [run.standardOf(one).limits.group, run.standardOf(other).limits.group],
      ofSmaller,
      bevIou: iou,
    },
    run.rule("dup.overlap").params,
    run.was(cause),
  );
  run.raise(cause, draft, () => mergeInto(one, other));
}

/** The one with fewer keys first, then by id: the same pair is named the same way from both sides. */
function ordered(a: LabelledObject, b: LabelledObject): readonly [LabelledObject, LabelledObject] {
  const [keysA, keysB] = [a, b].map(
    (object) => worldKeys(object).filter((key) => key.geometry && !key.absent).length,
  );
  const first = keysA === keysB ? a.id < b.id : (keysA ?? 0) < (keysB ?? 0);
  return first ? [a, b] : [b, a];
}

/** The key where a number is largest; the first of equals. */
function worstKey(keys: readonly CuboidKeyed[], score: (key: CuboidKeyed) => number) {
  return keys.reduce<CuboidKeyed | null>(
    (worst, key) => (worst && score(worst) >= score(key) ? worst : key),
    null,
  );
}

export function sizeChecks(run: Run): void {
  const keys = run.keyed;
  const spans = spansOf(run.standard.limits);
  const excess = ({ cuboid: { size_m } }: CuboidKeyed) =>
    Math.max(
      ...spans.map(([low, high], axis) =>
        Math.max((size_m[axis] ?? 0) / high, low / (size_m[axis] ?? 1)),
      ),
    );
  const worst = worstKey(keys, excess);
  if (worst && run.isOn("size.prior")) {
    const cause = { check: "size.prior", object_id: run.object.id, at_ns: null };
    const draft = checkPrior(worst.cuboid.size_m, {
      limits: run.standard.limits,
      params: run.rule("size.prior").params,
      was: run.was(cause),
    });
    run.raise(cause, draft, noOps, worst.at_ns);
  }
  if (run.isOn("size.track")) trackSizeCheck(run, keys);
}

/** From where a key's frame was seen: the first lidar, else the ego, in the world. */
function seenFrom(run: Run, at_ns: AtNs): Vec3 {
  const frame = run.frameOfKey(at_ns);
  const lidar = run.scene.lidars.find(({ key }) => run.scene.capture(frame, key));
  if (!lidar) return run.scene.worldFromEgo(run.scene.keyTime(frame)).translation_m;
  const at = run.scene.captureTime(frame, lidar.key);
  return run.scene.worldFromSensor(lidar.key, at).translation_m;
}

function trackSizeCheck(run: Run, keys: readonly CuboidKeyed[]): void {
  const { limits } = run.standard;
  const ratio = limits.size_track_ratio;
  if (ratio === null || keys.length === 0) return;
  const track_m = trackSize(
    keys.map((key) => key.cuboid.size_m),
    keys.map((key) => (key.confirmed ? 1 : UNCONFIRMED_WEIGHT)),
  );
  const off = ({ cuboid: { size_m } }: CuboidKeyed) =>
    Math.max(...track_m.map((side, axis) => Math.abs((size_m[axis] ?? 0) - side) / side));
  const worst = worstKey(keys, off);
  if (!worst || off(worst) <= ratio * CLEARS_AT) return;
  const cause = { check: "size.track", object_id: run.object.id, at_ns: null };
  const draftOf = (key: CuboidKeyed, was: ReturnType<Run["was"]>) =>
    checkTrackSize(key.cuboid, {
      track_m,
      limits,
      seen_from_m: seenFrom(run, key.at_ns),
      was,
    });
  const draft = draftOf(worst, run.was(cause));
  const opsOf = (key: CuboidKeyed, found: Draft | null) =>
    (found?.fixes ?? []).flatMap((fix) =>
      fix.kind === "set_cuboid" ? [putWorld(run.object, key.at_ns, fix.cuboid)] : [],
    );
  run.raise(cause, draft, () => opsOf(worst, draft), worst.at_ns);
}

/** Keys without an absence between them. */
function stretches(run: Run): readonly (readonly CuboidKeyed[])[] {
  const absences = worldKeys(run.object).filter((key) => key.absent);
  const found: CuboidKeyed[][] = [];
  let before: CuboidKeyed | null = null;
  for (const key of run.keyed) {
    const last = before?.at_ns ?? Number.NEGATIVE_INFINITY;
    const cut = absences.some(({ at_ns }) => at_ns > last && at_ns < key.at_ns);
    if (before === null || cut) found.push([]);
    found.at(-1)?.push(key);
    before = key;
  }
  return found;
}

/** The worst of each run of numbers that may be above a threshold of 1. */
function peaks(share: readonly number[]): readonly number[] {
  const found: number[] = [];
  let best: number | null = null;
  share.forEach((value, n) => {
    if (!(value > CLEARS_AT)) {
      if (best !== null) found.push(best);
      best = null;
    } else if (best === null || value > (share[best] ?? 0)) best = n;
  });
  return best === null ? found : [...found, best];
}

export function motionChecks(run: Run): void {
  if (run.object.motion === "static") return;
  for (const keys of stretches(run)) {
    if (keys.length < 2) continue;
    const times_s = keys.map((key) => key.at_ns / 1e9);
    const speed = speeds(
      times_s,
      keys.map((key) => key.cuboid.center_m),
    );
    const rate = yawRates(
      times_s,
      keys.map((key) => yaw(key.cuboid)),
    );
    speedChecks(run, keys, speed);
    turnChecks(run, keys, speed, rate);
  }
}

function speedChecks(run: Run, keys: readonly CuboidKeyed[], speed: readonly number[]): void {
  const rule = run.rule("kin.speed");
  const { limits } = run.standard;
  if (!rule.enabled || limits.speed_max_m_s === null) return;
  const warn = (rule.params["warn_share"] ?? 1) * limits.speed_max_m_s;
  for (const n of peaks(speed.map((each) => each / warn))) {
    const at_ns = keys[n]?.at_ns ?? 0;
    const cause = { check: "kin.speed", object_id: run.object.id, at_ns };
    const args = { limits, params: rule.params, was: run.was(cause) };
    run.raise(cause, checkSpeed(speed[n] ?? 0, args), noOps);
  }
}

function turnChecks(
  run: Run,
  keys: readonly CuboidKeyed[],
  speed: readonly number[],
  rate: readonly number[],
): void {
  const rule = run.rule("kin.yawrate");
  const { limits } = run.standard;
  if (!rule.enabled || limits.yaw_rate_max_rad_s === null) return;
  const warn = speed.map(
    (each) => (rule.params["warn_share"] ?? 1) * (fastestTurn(each, limits) ?? Infinity),
  );
  for (const n of peaks(rate.map((each, m) => Math.abs(each) / (warn[m] ?? Infinity)))) {
    const at_ns = keys[n]?.at_ns ?? 0;
    const cause = { check: "kin.yawrate", object_id: run.object.id, at_ns };
    const args = { limits, params: rule.params, was: run.was(cause) };
    run.raise(cause, checkYawRate(rate[n] ?? 0, speed[n] ?? 0, args), noOps);
  }
}

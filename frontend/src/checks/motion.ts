/** Does an object move as its class can: kin.speed, kin.yawrate. */

import type { ClassLimits, Params } from "../core/limits";
import type { Severity, Vec3 } from "../core/types";
import { velocities } from "../math/trajectory";
import { norm, wrapAngle } from "../math/vec";
import { type Draft, grade } from "./draft";

/** Speeds by central differences of world positions, one-sided at the ends. */
export function speeds(times_s: readonly number[], centers_m: readonly Vec3[]): readonly number[] {
  return velocities(times_s, centers_m).map(norm);
}

/** Signed rates by central differences along the shortest arcs, one-sided at the ends. */
export function yawRates(
  times_s: readonly number[],
  yaws_rad: readonly number[],
): readonly number[] {
  let turned = 0;
  const along = yaws_rad.map((yaw, n): Vec3 => {
    turned += n === 0 ? 0 : wrapAngle(yaw - (yaws_rad[n - 1] ?? yaw));
    return [turned, 0, 0];
  });
  return velocities(times_s, along).map(([rate]) => rate);
}

interface MotionArgs {
  readonly limits: ClassLimits;
  readonly params: Params;
  readonly was?: Severity | null;
}

/** Faster than the class can be; a warning from `warn_share` of it on. */
export function checkSpeed(
  speed_m_s: number,
  { limits, params, was = null }: MotionArgs,
): Draft | null {
  const most = limits.speed_max_m_s;
  if (most === null) return null;
  const graded = grade(speed_m_s, { warn: (params["warn_share"] ?? 1) * most, error: most }, was);
  if (!graded) return null;
  return {
    check: "kin.speed",
    severity: graded.severity,
    measured: speed_m_s,
    threshold: graded.threshold,
    unit: "m/s",
    words: "kin.speed",
    parts: { speed_m_s, limit_m_s: graded.threshold },
    fixes: [],
  };
}

/** Yaw rate that the class allows at a speed: the cap when slow, lateral acceleration when fast. */
export function fastestTurn(speed_m_s: number, limits: ClassLimits): number | null {
  const [cap, lateral] = [limits.yaw_rate_max_rad_s, limits.lateral_accel_max_m_s2];
  if (cap === null || lateral === null || speed_m_s * cap <= lateral) return cap;
  return lateral / speed_m_s;
}

/** Turns faster than the class can at its speed. */
export function checkYawRate(
  rate_rad_s: number,
  speed_m_s: number,
  { limits, params, was = null }: MotionArgs,
): Draft | null {
  const most = fastestTurn(speed_m_s, limits);
  if (most === null) return null;
  const measured = Math.abs(rate_rad_s);
  const graded = grade(measured, { warn: (params["warn_share"] ?? 1) * most, error: most }, was);
  if (!graded) return null;
  return {
    check: "kin.yawrate",
    severity: graded.severity,
    measured,
    threshold: graded.threshold,
    unit: "rad/s",
    words: "kin.yawrate",
    parts: { rate_rad_s: measured, limit_rad_s: graded.threshold, speed_m_s },
    fixes: [],
  };
}

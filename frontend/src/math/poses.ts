/** A moving frame's poses over time. */

import type { AtNs, EgoPose } from "../core/types";
import { normalized, slerp } from "./quaternion";
import { fromPose, IDENTITY, type Rigid } from "./rigid";
import { lastAtOrBefore } from "./trajectory";
import { mix } from "./vec";

/** How far beyond its first and last pose a track may be asked, at constant velocity. */
export const POSE_REACH_NS = 250_000_000;

export class PoseTrack {
  constructor(private readonly poses: readonly EgoPose[]) {}

  /** Linear in position, slerp in rotation; null further beyond the ends than the reach. A track of one pose stands still. */
  at(at_ns: AtNs): Rigid | null {
    const [first, last] = [this.poses[0], this.poses.at(-1)];
    if (!first || !last) return IDENTITY;
    if (first === last) return fromPose(first);
    if (at_ns < first.at_ns - POSE_REACH_NS || at_ns > last.at_ns + POSE_REACH_NS) return null;
    const after = Math.min(
      Math.max(lastAtOrBefore(this.poses, at_ns) + 1, 1),
      this.poses.length - 1,
    );
    const [before, next] = [this.poses[after - 1] ?? first, this.poses[after] ?? last];
    const share = (at_ns - before.at_ns) / (next.at_ns - before.at_ns);
    return fromPose({
      translation_m: mix(before.translation_m, next.translation_m, share),
      quaternion_xyzw: slerp(
        normalized(before.quaternion_xyzw),
        normalized(next.quaternion_xyzw),
        share,
      ),
    });
  }

  /** The same at the nearest time within reach: a screen has to show something. */
  nearest(at_ns: AtNs): Rigid {
    const [first, last] = [this.poses[0]?.at_ns ?? 0, this.poses.at(-1)?.at_ns ?? 0];
    const within = Math.min(Math.max(at_ns, first - POSE_REACH_NS), last + POSE_REACH_NS);
    return this.at(within) ?? IDENTITY;
  }
}

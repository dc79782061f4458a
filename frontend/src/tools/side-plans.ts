/** What the three side views show of a box: top (heading up), side (heading right), rear (left is left). */

import type { Vec3 } from "../core/types";
import type { FaceName } from "../math/cuboid";

export type SideName = "top" | "side" | "rear";
export const SIDES: readonly SideName[] = ["top", "side", "rear"];

export interface SidePlan {
  /** Body axes: what is right, up and away on the screen. */
  readonly right: Vec3;
  readonly up: Vec3;
  readonly away: Vec3;
  /** The faces at the screen's four borders. */
  readonly faces: {
    readonly left: FaceName;
    readonly right: FaceName;
    readonly top: FaceName;
    readonly bottom: FaceName;
  };
  /** Indices into size_m: across, along the screen's height, into it. */
  readonly across: 0 | 1 | 2;
  readonly along: 0 | 1 | 2;
  readonly deep: 0 | 1 | 2;
}

export const SIDE_PLANS: Readonly<Record<SideName, SidePlan>> = {
  top: {
    right: [0, -1, 0],
    up: [1, 0, 0],
    away: [0, 0, -1],
    faces: { left: "left", right: "right", top: "front", bottom: "rear" },
    across: 1,
    along: 0,
    deep: 2,
  },
  side: {
    right: [1, 0, 0],
    up: [0, 0, 1],
    away: [0, 1, 0],
    faces: { left: "rear", right: "front", top: "top", bottom: "bottom" },
    across: 0,
    along: 2,
    deep: 1,
  },
  rear: {
    right: [0, -1, 0],
    up: [0, 0, 1],
    away: [1, 0, 0],
    faces: { left: "left", right: "right", top: "top", bottom: "bottom" },
    across: 1,
    along: 2,
    deep: 0,
  },
};

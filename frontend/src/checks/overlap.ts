/** Do two cuboids share space: dup.overlap. */

import type { Params } from "../core/limits";
import type { Severity } from "../core/types";
import { type Draft, grade } from "./draft";

/** Another cuboid, and how much of it is shared. */
export interface Neighbour {
  /** What to call it. */
  readonly key: string;
  readonly sameClass: boolean;
  /** Groups of the two classes. */
  readonly groups: readonly [string, string];
  /** Shared volume over the smaller volume. */
  readonly ofSmaller: number;
  /** Overlap of the footprints. */
  readonly bevIou: number;
}

interface Allowed {
  readonly share: number | null;
  readonly bev: number | null;
}

/** A trailer may reach over its vehicle, people may stand close, and a rider sits on a cycle. */
function allowed([a, b]: Neighbour["groups"], params: Params): Allowed {
  const between = (one: string, other: string) =>
    (a === one && b === other) || (a === other && b === one);
  const take = (name: string) => params[name] ?? null;
  if (between("vehicle", "trailer")) {
    return { share: take("vehicle_trailer"), bev: take("bev_iou_max") };
  }
  if (between("person", "person")) return { share: take("persons"), bev: take("persons") };
  if (between("person", "cycle")) return { share: take("rider_cycle"), bev: take("bev_iou_max") };
  return { share: take("share_max"), bev: take("bev_iou_max") };
}

/** Two cuboids share more than a share of the smaller, or (within one class) their footprints do. */
export function checkOverlap(
  neighbour: Neighbour,
  params: Params,
  was: Severity | null = null,
): Draft | null {
  const most = allowed(neighbour.groups, params);
  const byShare = grade(neighbour.ofSmaller, { warn: null, error: most.share }, was);
  const byFootprint =
    byShare || !neighbour.sameClass
      ? null
      : grade(neighbour.bevIou, { warn: null, error: most.bev }, was);
  const graded = byShare ?? byFootprint;
  if (!graded) return null;
  const measured = byShare ? neighbour.ofSmaller : neighbour.bevIou;
  const isDuplicate = neighbour.ofSmaller > (params["duplicate_share"] ?? 1);
  const plain = byShare ? "dup.overlap" : "dup.overlap.footprint";
  return {
    check: "dup.overlap",
    severity: graded.severity,
    measured,
    threshold: graded.threshold,
    unit: "",
    words: isDuplicate ? "dup.overlap.duplicate" : plain,
    parts: { other: neighbour.key, share: measured },
    fixes: isDuplicate
      ? [{ kind: "merge", words: "fix.merge", parts: { other: neighbour.key } }]
      : [],
  };
}

/** Findings of one kind whose fixes can be made together. */

import { anyMeet, type Footprint, footprintsOf } from "../../core/footprint";
import type { Finding, Op } from "../../core/types";

export interface Alike {
  readonly count: number;
  readonly ops: readonly Op[];
}

/** The first fixes of all open findings of the same check; of two that touch the same thing the second is left out. */
export function alikeFixes(findings: readonly Finding[], like: Finding): Alike {
  const ops: Op[] = [];
  const touched: Footprint[] = [];
  let count = 0;
  for (const { check, state, source, fixes } of findings) {
    const fix = fixes[0];
    if (!fix || check !== like.check || state !== "open" || source !== "check") continue;
    const footprints = footprintsOf(fix.ops);
    if (anyMeet(footprints, touched)) continue;
    touched.push(...footprints);
    ops.push(...fix.ops);
    count += 1;
  }
  return { count, ops };
}

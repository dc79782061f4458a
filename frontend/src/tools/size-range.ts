/** The range of sizes that the guideline gives a class. */

import { type Standards, spansOf } from "../core/limits";

export function sizeRange(
  standards: Standards,
  classKey: string,
  axis: 0 | 1 | 2,
): readonly [number, number] {
  return spansOf(standards.of(classKey).limits)[axis];
}

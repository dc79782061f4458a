/** Keys move the box the way the view shows it. */

import { expect, it } from "vitest";
import { SIDE_PLANS, SIDES } from "./side-plans";
import { type StepKey, stepIn } from "./steps";

it("goes along the heading, sideways and up in the main view", () => {
  expect(stepIn("main", "ahead", 2)).toEqual([2, 0, 0]);
  expect(stepIn("main", "left", 2)).toEqual([0, 2, 0]);
  expect(stepIn("main", "down", 2)).toEqual([-0, -0, -2]);
});

it.each(SIDES)("in the %s view W goes up the screen and D to its right", (side) => {
  const { up, right } = SIDE_PLANS[side];
  const along = (key: StepKey, axis: readonly number[]) =>
    stepIn(side, key, 1).reduce((sum, value, n) => sum + value * (axis[n] ?? 0), 0);
  expect(along("ahead", up)).toBe(1);
  expect(along("right", right)).toBe(1);
});

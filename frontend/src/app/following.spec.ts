/** The view follows the chosen object over frames, and nothing else. */

import { expect, it } from "vitest";
import { followed, shiftedBy } from "./following";

const BEFORE = { frame: 3, id: "a", center_m: [10, 2, 1] } as const;

it("goes along with the object", () => {
  expect(followed(BEFORE, { frame: 4, id: "a", center_m: [9, 2.5, 1] })).toEqual([-1, 0.5, 0]);
});

it.each([
  ["an edit in the same frame", { ...BEFORE, center_m: [9, 2, 1] as const }],
  ["another choice", { frame: 4, id: "b", center_m: [9, 2, 1] as const }],
  ["an object that is gone", { frame: 4, id: "a", center_m: null }],
  ["a jump across the scene", { frame: 4, id: "a", center_m: [99, 2, 1] as const }],
])("stays for %s", (_what, now) => {
  expect(followed(BEFORE, now)).toBeNull();
});

it("shifts either kind of view", () => {
  const plan = { kind: "plan", center_m: [0, 0, 0], yaw_rad: 0, metresPerPixel: 0.1 } as const;
  const orbit = { kind: "orbit", eye_m: [0, 0, 9], yaw_rad: 0, pitch_rad: -1 } as const;
  expect(shiftedBy(plan, [1, 2, 0])).toMatchObject({ center_m: [1, 2, 0] });
  expect(shiftedBy(orbit, [1, 2, 0])).toMatchObject({ eye_m: [1, 2, 9] });
});

/** The hand holds on to what it grabbed: turning, shifting and nearing keep that point where it is on the screen. */

import { describe, expect, it } from "vitest";
import type { Vec3 } from "../core/types";
import { clipOf, screenOf } from "./lens";
import {
  draggedBy,
  framed,
  fromAbove,
  fromAside,
  lensOf,
  type MainState,
  nearedTo,
  START,
  turnedAbout,
} from "./orbit";

const SIZE = { width: 1000, height: 700 };
const PIVOT: Vec3 = [6, -2, 0.5];
const PLAN: MainState = { kind: "plan", center_m: [2, 1, 0], yaw_rad: 0.4, metresPerPixel: 0.04 };

function pixel(state: MainState, point: Vec3): readonly [number, number] {
  return screenOf(clipOf(lensOf(state), SIZE), SIZE, point) ?? [Number.NaN, Number.NaN];
}

describe.each([
  ["at an angle", START as MainState],
  ["from above", PLAN],
] as const)("the view %s", (_name, state) => {
  it("turns about the grabbed point", () => {
    const [before, after] = [
      pixel(state, PIVOT),
      pixel(turnedAbout(state, PIVOT, [40, 15]), PIVOT),
    ];
    expect(after[0]).toBeCloseTo(before[0], 3);
    expect(after[1]).toBeCloseTo(before[1], 3);
  });

  it("shifts with the hand", () => {
    const before = pixel(state, PIVOT);
    const after = pixel(draggedBy(state, SIZE, PIVOT, [25, -12]), PIVOT);
    expect(after[0]).toBeCloseTo(before[0] + 25, 3);
    expect(after[1]).toBeCloseTo(before[1] - 12, 3);
  });

  it("comes nearer to the point under the hand", () => {
    const [before, after] = [pixel(state, PIVOT), pixel(nearedTo(state, PIVOT, 0.5), PIVOT)];
    expect(after[0]).toBeCloseTo(before[0], 3);
    expect(after[1]).toBeCloseTo(before[1], 3);
  });

  it("frames a thing in its middle", () => {
    const [u, v] = pixel(framed(state, SIZE, PIVOT, 3), PIVOT);
    expect(u).toBeCloseTo(500, 3);
    expect(v).toBeCloseTo(350, 3);
  });
});

describe("turning", () => {
  it("never tips over the zenith", () => {
    const state = turnedAbout(START, PIVOT, [0, 5000]);
    expect(state.kind === "orbit" && state.pitch_rad).toBeGreaterThan(-Math.PI / 2);
  });
});

describe("going above and back", () => {
  it("keeps looking at the same place", () => {
    const above = fromAbove(START, SIZE, 0);
    const again = fromAside(above, SIZE);
    const [u, v] = pixel(again, above.center_m);
    expect(u).toBeCloseTo(500, 3);
    expect(v).toBeCloseTo(350, 3);
  });

  it("stays above when it is above", () => {
    expect(fromAbove(PLAN, SIZE, 0)).toBe(PLAN);
  });
});

/** Side views are glued to the box: its faces lie at the borders that the plan names, whatever way the box looks. */

import { describe, expect, it } from "vitest";
import type { Cuboid } from "../core/types";
import { contains } from "../math/cuboid";
import { fromYaw } from "../math/quaternion";
import { faceCenter } from "../tools/side-drag";
import { SIDE_PLANS, SIDES } from "../tools/side-plans";
import { clipOf, screenOf } from "./lens";
import { fittingScale, keptScale, sideLens, slabOf } from "./side-lens";

const SIZE = { width: 400, height: 300 };
const CAR: Cuboid = {
  center_m: [12, -3, 0.8],
  quaternion_xyzw: fromYaw(2.1),
  size_m: [4.5, 1.9, 1.6],
};

describe.each(SIDES)("the %s view", (side) => {
  const scale = fittingScale(side, CAR, SIZE);
  const clip = clipOf(sideLens(side, CAR, scale), SIZE);
  const { faces, across, along } = SIDE_PLANS[side];
  const at = (name: (typeof faces)["left"]) =>
    screenOf(clip, SIZE, faceCenter(CAR, name)) ?? [0, 0];

  it("has its faces where it says", () => {
    const half = [CAR.size_m[across] / scale / 2, CAR.size_m[along] / scale / 2] as const;
    expect(at(faces.left)[0]).toBeCloseTo(200 - half[0], 4);
    expect(at(faces.right)[0]).toBeCloseTo(200 + half[0], 4);
    expect(at(faces.top)[1]).toBeCloseTo(150 - half[1], 4);
    expect(at(faces.bottom)[1]).toBeCloseTo(150 + half[1], 4);
  });

  it("shows the whole box", () => {
    expect(CAR.size_m[across] / scale).toBeLessThan(SIZE.width * 0.7);
    expect(CAR.size_m[along] / scale).toBeLessThan(SIZE.height * 0.7);
  });

  it("keeps its scale while the box still shows well, and not beyond", () => {
    expect(keptScale(side, CAR, SIZE, scale * 1.1)).toBeCloseTo(scale * 1.1, 9);
    expect(keptScale(side, CAR, SIZE, scale * 10)).toBeCloseTo(scale, 9);
    expect(keptScale(side, CAR, SIZE, null)).toBeCloseTo(scale, 9);
  });

  it("shows points half a metre before and behind the box, not more", () => {
    const { deep } = SIDE_PLANS[side];
    const slab = slabOf(side, CAR);
    expect(slab.size_m[deep]).toBeCloseTo(CAR.size_m[deep] + 1, 9);
    expect(contains(slab, CAR.center_m)).toBe(true);
  });
});

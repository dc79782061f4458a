/** Drags in the side views: the dragged face moves, the opposite one stays, and with Shift the size does. */

import { describe, expect, it } from "vitest";
import type { Cuboid, Vec3 } from "../core/types";
import { yaw } from "../math/cuboid";
import { fromYaw } from "../math/quaternion";
import {
  draggedCuboid,
  type EdgeSide,
  faceCenter,
  facesOf,
  headingAngle,
  turnedBy,
} from "./side-drag";
import { SIDE_PLANS, SIDES } from "./side-plans";

const CAR: Cuboid = { center_m: [5, 2, 1], quaternion_xyzw: fromYaw(0.7), size_m: [4, 2, 1.5] };
const EDGES: readonly EdgeSide[] = ["left", "right", "top", "bottom"];
const OUT: Readonly<Record<EdgeSide, readonly [number, number]>> = {
  left: [-0.3, 0],
  right: [0.3, 0],
  top: [0, 0.3],
  bottom: [0, -0.3],
};
const OPPOSITE = { left: "right", right: "left", top: "bottom", bottom: "top" } as const;

function expectSame(a: Vec3, b: Vec3): void {
  a.forEach((value, n) => {
    expect(value).toBeCloseTo(b[n] ?? Number.NaN, 9);
  });
}

describe.each(SIDES)("in the %s view", (side) => {
  const meaning = SIDE_PLANS[side];

  it.each(EDGES)("dragging the %s edge out grows the box there only", (edge) => {
    const [right_m, up_m] = OUT[edge];
    const after = draggedCuboid(
      CAR,
      meaning,
      { kind: "edge", side: edge },
      { right_m, up_m, keepsSize: false },
    );
    const grown = after.size_m.reduce((sum, size, n) => sum + size - (CAR.size_m[n] ?? 0), 0);
    expect(grown).toBeCloseTo(0.3, 9);
    expectSame(
      faceCenter(after, meaning.faces[OPPOSITE[edge]]),
      faceCenter(CAR, meaning.faces[OPPOSITE[edge]]),
    );
  });

  it.each(EDGES)("with Shift the %s edge slides the box", (edge) => {
    const [right_m, up_m] = OUT[edge];
    const after = draggedCuboid(
      CAR,
      meaning,
      { kind: "edge", side: edge },
      { right_m, up_m, keepsSize: true },
    );
    expect(after.size_m).toEqual(CAR.size_m);
    expect(
      Math.hypot(...after.center_m.map((value, n) => value - (CAR.center_m[n] ?? 0))),
    ).toBeCloseTo(0.3, 9);
  });

  it("a corner moves two faces", () => {
    const handle = { kind: "corner", sides: ["right", "top"] } as const;
    const after = draggedCuboid(CAR, meaning, handle, {
      right_m: 0.2,
      up_m: 0.1,
      keepsSize: false,
    });
    expect(facesOf(meaning, handle)).toEqual([meaning.faces.right, meaning.faces.top]);
    const grown = after.size_m.reduce((sum, size, n) => sum + size - (CAR.size_m[n] ?? 0), 0);
    expect(grown).toBeCloseTo(0.3, 9);
  });

  it("the centre takes the box along and leaves its size", () => {
    const after = draggedCuboid(
      CAR,
      meaning,
      { kind: "center" },
      { right_m: 0.4, up_m: -0.3, keepsSize: false },
    );
    expect(after.size_m).toEqual(CAR.size_m);
    expect(
      Math.hypot(...after.center_m.map((value, n) => value - (CAR.center_m[n] ?? 0))),
    ).toBeCloseTo(0.5, 9);
  });
});

describe("the heading", () => {
  it("is straight up at zero and grows counter-clockwise", () => {
    expect(headingAngle(0, 5)).toBeCloseTo(0, 12);
    expect(headingAngle(-5, 0)).toBeCloseTo(Math.PI / 2, 12);
  });

  it("turns by the drag, in steps of five degrees with Shift", () => {
    expect(yaw(turnedBy(CAR, 0.11, false))).toBeCloseTo(0.81, 9);
    expect(yaw(turnedBy(CAR, 0.11, true)) - 0.7).toBeCloseTo(Math.PI / 36, 9);
  });
});

it("no face is dragged through its opposite", () => {
  const after = draggedCuboid(
    CAR,
    SIDE_PLANS.top,
    { kind: "edge", side: "top" },
    { right_m: 0, up_m: -50, keepsSize: false },
  );
  expect(after.size_m[0]).toBeGreaterThan(0);
});

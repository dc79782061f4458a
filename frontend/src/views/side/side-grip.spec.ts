/** A hand takes hold of the nearest handle, anywhere along an edge's line. */

import { describe, expect, it } from "vitest";
import { cursorOf, handleAt, headingKnob } from "./side-grip";
import type { SideShape } from "./side-shape";

const SHAPE: SideShape = {
  left: 100,
  right: 200,
  top: 80,
  bottom: 260,
  center: [150, 170],
  outline: [],
  nose: [150, 80],
};

describe("taking hold", () => {
  it.each([
    ["the left edge beside the box", [102, 150], { kind: "edge", side: "left" }],
    ["the left edge far below it", [95, 390], { kind: "edge", side: "left" }],
    ["the top edge far to the right", [380, 84], { kind: "edge", side: "top" }],
    ["the corner", [196, 255], { kind: "corner", sides: ["right", "bottom"] }],
    ["the centre", [155, 176], { kind: "center" }],
    ["the knob beyond the nose", [152, 54], { kind: "heading" }],
    ["the shaft", [151, 130], { kind: "heading" }],
  ] as const)("of %s", (_what, at, handle) => {
    expect(handleAt(SHAPE, at)).toEqual(handle);
  });

  it.each([
    ["inside, off everything", [125, 220]],
    ["outside, off every line", [40, 40]],
  ] as const)("of nothing %s", (_where, at) => {
    expect(handleAt(SHAPE, at)).toBeNull();
  });

  it("leaves the edges of a tiny box within reach of the hand", () => {
    const tiny: SideShape = { ...SHAPE, left: 140, right: 160, top: 160, bottom: 180, nose: null };
    expect(handleAt(tiny, [139, 300])).toEqual({ kind: "edge", side: "left" });
    expect(handleAt(tiny, [150, 170])).toEqual({ kind: "center" });
  });
});

it("has no heading where the view shows none", () => {
  expect(headingKnob({ ...SHAPE, nose: null })).toBeNull();
});

it("shows by the cursor which way it goes", () => {
  expect(cursorOf({ kind: "edge", side: "top" })).toBe("ns-resize");
  expect(cursorOf({ kind: "corner", sides: ["left", "top"] })).toBe("nwse-resize");
  expect(cursorOf({ kind: "corner", sides: ["left", "bottom"] })).toBe("nesw-resize");
  expect(cursorOf(null)).toBe("default");
});

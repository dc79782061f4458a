/** 2D boxes under the hand: sides, corners, the whole; always within the picture. */

import { describe, expect, it } from "vitest";
import { draggedBox, drawnBox, gripAt, WHOLE } from "./box-drag";

const BOX = [100, 50, 200, 150] as const;
const PICTURE = { width: 640, height: 360 };

describe("taking hold of a box", () => {
  it.each([
    ["its left side", [98, 100], { h: "left", v: null }],
    ["its corner", [203, 148], { h: "right", v: "bottom" }],
    ["its inside", [150, 100], { h: null, v: null }],
  ] as const)("%s", (_what, at, grip) => {
    expect(gripAt(BOX, at, 6)).toEqual(grip);
  });

  it("not from outside", () => {
    expect(gripAt(BOX, [90, 100], 6)).toBeNull();
  });
});

describe("dragging", () => {
  it("moves the sides that are held", () => {
    expect(draggedBox(BOX, { h: "right", v: "top" }, [7, -9], PICTURE)).toEqual([
      100, 41, 207, 150,
    ]);
  });

  it("turns no box inside out", () => {
    const [left, , right] = draggedBox(BOX, { h: "left", v: null }, [500, 0], PICTURE);
    expect(left).toBeLessThan(right);
  });

  it("takes the whole box along and stops at the border", () => {
    expect(draggedBox(BOX, WHOLE, [-500, 10], PICTURE)).toEqual([-0.5, 60, 99.5, 160]);
  });
});

describe("drawing", () => {
  it("takes any two corners", () => {
    expect(drawnBox([80, 90], [20, 30], PICTURE)).toEqual([20, 30, 80, 90]);
  });

  it("stays within the picture", () => {
    expect(drawnBox([600, 300], [900, 900], PICTURE)).toEqual([600, 300, 639.5, 359.5]);
  });

  it("takes a twitch for no box", () => {
    expect(drawnBox([20, 30], [21, 60], PICTURE)).toBeNull();
  });
});

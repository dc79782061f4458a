/** Pictures in panes: pixels there and back, zoom about the mouse, nothing lost beyond the border. */

import { expect, it } from "vitest";
import { boxInPane, focusedOn, shifted, toImage, toPane, wholeFit, zoomed } from "./image-fit";

const IMAGE = { width: 1600, height: 900 };
const PANE = { width: 400, height: 300 };

it("shows all of the picture, in the middle", () => {
  expect(wholeFit(IMAGE, PANE)).toEqual({ scale: 0.25, left: 0, top: 37.5 });
});

it("goes from picture to pane and back", () => {
  const fit = { scale: 1.7, left: -40, top: 12 };
  const [u, v] = toImage(fit, toPane(fit, [123.25, 456.5]));
  expect(u).toBeCloseTo(123.25, 9);
  expect(v).toBeCloseTo(456.5, 9);
});

it("puts the middle of the first pixel at half a pixel", () => {
  expect(toPane({ scale: 10, left: 0, top: 0 }, [0, 0])).toEqual([5, 5]);
});

it("zooms about the mouse", () => {
  const whole = wholeFit(IMAGE, PANE);
  const at = [250, 150] as const;
  const before = toImage(whole, at);
  const after = toImage(zoomed(whole, IMAGE, PANE, { at, factor: 4 }), at);
  expect(after[0]).toBeCloseTo(before[0], 6);
  expect(after[1]).toBeCloseTo(before[1], 6);
});

it("is never smaller than the whole picture", () => {
  const whole = wholeFit(IMAGE, PANE);
  expect(zoomed(whole, IMAGE, PANE, { at: [0, 0], factor: 0.1 })).toEqual(whole);
});

it("cannot be shifted out of sight", () => {
  const near = { scale: 1, left: 0, top: 0 };
  const { left, top } = shifted(near, IMAGE, PANE, [9999, -9999]);
  expect(left).toBe(0);
  expect(top).toBe(PANE.height - IMAGE.height);
});

it("brings a box into the middle", () => {
  const fit = focusedOn([700, 400, 800, 500], IMAGE, PANE);
  const [x0, y0, x1, y1] = boxInPane(fit, [700, 400, 800, 500]);
  expect((x0 + x1) / 2).toBeCloseTo(PANE.width / 2, 0);
  expect((y0 + y1) / 2).toBeCloseTo(PANE.height / 2, 0);
  expect(x1 - x0).toBeGreaterThan(100);
});

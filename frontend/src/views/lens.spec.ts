/** Views look where they say: rays and pixels are each other's inverse, and nothing behind a view is drawn. */

import { describe, expect, it } from "vitest";
import { add, scale } from "../math/vec";
import { axesOf, clipOf, type Lens, metresPerPixelAt, rayOf, screenOf, segmentOf } from "./lens";

const SIZE = { width: 800, height: 600 };
const PERSPECTIVE: Lens = {
  kind: "perspective",
  eye_m: [-10, 2, 5],
  tanHalf: 0.5,
  ...axesOf(0.3, -0.4),
};
const PARALLEL: Lens = {
  kind: "parallel",
  center_m: [4, -2, 1],
  metresPerPixel: 0.05,
  ...axesOf(-1, 0),
};

describe.each([
  ["perspective", PERSPECTIVE],
  ["parallel", PARALLEL],
] as const)("a %s lens", (_name, lens) => {
  it.each([
    [400, 300],
    [10, 590],
    [799, 1],
  ] as const)("puts every point of the ray of pixel %d, %d back on that pixel", (x, y) => {
    const ray = rayOf(lens, SIZE, [x, y]);
    const point = add(ray.origin_m, scale(ray.direction, lens.kind === "parallel" ? 507 : 31));
    const [u, v] = screenOf(clipOf(lens, SIZE), SIZE, point) ?? [Number.NaN, Number.NaN];
    expect(u).toBeCloseTo(x, 4);
    expect(v).toBeCloseTo(y, 4);
  });

  it("spans as many metres a pixel as it says", () => {
    const ray = rayOf(lens, SIZE, [400, 300]);
    const middle = add(ray.origin_m, scale(ray.direction, lens.kind === "parallel" ? 500 : 20));
    const step = metresPerPixelAt(lens, SIZE, middle);
    const [u] =
      screenOf(clipOf(lens, SIZE), SIZE, add(middle, scale(lens.right, 10 * step))) ?? [];
    expect(u).toBeCloseTo(410, 6);
  });
});

describe("what is behind the eye", () => {
  const clip = clipOf(PERSPECTIVE, SIZE);
  const behind = add([-10, 2, 5], scale(PERSPECTIVE.forward, -4));
  const ahead = add([-10, 2, 5], scale(PERSPECTIVE.forward, 4));

  it("has no pixel", () => {
    expect(screenOf(clip, SIZE, behind)).toBeNull();
  });

  it("cuts a segment, but does not drop what is ahead", () => {
    const [from, to] = segmentOf(clip, SIZE, behind, ahead) ?? [];
    expect(from?.every(Number.isFinite)).toBe(true);
    expect(to?.[0]).toBeCloseTo(400, 6);
    expect(to?.[1]).toBeCloseTo(300, 6);
  });

  it("drops a segment that is behind as a whole", () => {
    expect(segmentOf(clip, SIZE, behind, add(behind, [0, 1, 0]))).toBeNull();
  });
});

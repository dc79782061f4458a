/** The crop round the chosen box holds what the side views show, and no more than they may draw. */

import { expect, it } from "vitest";
import type { Cuboid } from "../core/types";
import { buildGrid } from "../math/grid";
import { fromYaw } from "../math/quaternion";
import { cropOf, MOST_CROPPED } from "./canvas-scene";

const CAR: Cuboid = { center_m: [0, 0, 0], quaternion_xyzw: fromYaw(0.3), size_m: [4, 2, 1.5] };

/** Points on a level square of a half width, so many along each side. */
function square(
  half_m: number,
  along: number,
): { grid: ReturnType<typeof buildGrid>; positions: Float32Array<ArrayBuffer> } {
  const positions = new Float32Array(along * along * 3);
  for (let n = 0; n < along * along; n++) {
    positions[3 * n] = ((n % along) / (along - 1) - 0.5) * 2 * half_m;
    positions[3 * n + 1] = (Math.floor(n / along) / (along - 1) - 0.5) * 2 * half_m;
  }
  return { grid: buildGrid(positions), positions };
}

it("reaches further than the box by more than its length", () => {
  const { grid, positions } = square(30, 200);
  const furthest = Math.max(
    ...[...cropOf({ grid, positions }, CAR)].map((n) => Math.abs(positions[3 * n] ?? 0)),
  );
  expect(furthest).toBeGreaterThan(5);
  expect(furthest).toBeLessThan(10);
});

it("narrows where many points stand", () => {
  const { grid, positions } = square(30, 1200);
  const cropped = cropOf({ grid, positions }, CAR);
  expect(cropped.length).toBeLessThanOrEqual(MOST_CROPPED);
  expect(cropped.length).toBeGreaterThan(1000);
});

it("thins a box that holds too many by itself", () => {
  const { grid, positions } = square(1.2, 300);
  expect(cropOf({ grid, positions }, CAR)).toHaveLength(MOST_CROPPED);
});

/** Palettes run from dark to light on a dark ground, the other way on a light one, and never into the ground. */

import { describe, expect, it } from "vitest";
import { everyNth } from "./every-nth";
import { PALETTES, paletteTexels, rgbOf } from "./palettes";

function lightness(texels: Uint8Array, n: number): number {
  const [r = 0, g = 0, b = 0] = texels.subarray(n * 4, n * 4 + 3);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe.each(PALETTES)("%s", (name) => {
  it("brightens evenly on a dark ground and starts well above it", () => {
    const texels = paletteTexels(name, false);
    expect(lightness(texels, 255)).toBeGreaterThan(lightness(texels, 128));
    expect(lightness(texels, 128)).toBeGreaterThan(lightness(texels, 0));
    expect(lightness(texels, 0)).toBeGreaterThan(40);
  });

  it("darkens on a light ground and starts well below it", () => {
    const texels = paletteTexels(name, true);
    expect(lightness(texels, 0)).toBeGreaterThan(lightness(texels, 255));
    expect(lightness(texels, 0)).toBeLessThan(200);
  });
});

it("reads colours, and gives grey for what is none", () => {
  expect(rgbOf("#ff8000")).toEqual([1, 128 / 255, 0]);
  expect(rgbOf("nonsense")).toEqual([0.6, 0.6, 0.6]);
});

describe("thinning", () => {
  it("spreads evenly and stays within the budget", () => {
    const kept = everyNth(200_000, 50_000);
    expect(kept).toHaveLength(50_000);
    expect([kept[0], kept[1], kept.at(-1)]).toEqual([0, 4, 199_996]);
  });

  it("keeps all of a small cloud", () => {
    expect([...everyNth(3, 50_000)]).toEqual([0, 1, 2]);
  });
});

/** What the main view's gestures do. */

import type { Cuboid } from "../../core/types";
import type { Creator, Seed } from "../../tools/creating";
import { keptOnGround, previewCuboid, reshape } from "../../tools/cuboid-edits";
import type { Desk } from "../../views/desk";
import type { MainIntents } from "../../views/main/main-pointer";
import { frameChosen } from "./framing";
import { seedIn, seedUnder } from "./seeds";

export const NOTHING_THERE = "There is neither a point nor road there.";

export function mainIntents(desk: Desk, creator: Creator): MainIntents {
  const { bench } = desk;
  const grounded = (cuboid: Cuboid) => {
    const before = bench.committedEgo.peek();
    return before ? keptOnGround(bench, before, cuboid) : cuboid;
  };
  const create = (seed: Seed | null) => {
    if (seed) void creator.create(seed);
    else bench.editor.notify("info", NOTHING_THERE);
  };
  return {
    oneClick: (aim) => {
      const cloud = bench.cloud.peek();
      if (cloud) create(seedUnder(cloud, aim));
    },
    rectangle: (from, aim) => {
      const cloud = bench.cloud.peek();
      if (cloud) create(seedIn(cloud, from, aim));
    },
    previewMove: (cuboid) => previewCuboid(bench, grounded(cuboid)),
    finishMove: (cuboid) => reshape(bench, grounded(cuboid), { label: "Move cuboid" }),
    cancel: () => bench.editor.cancelPreview(),
    frame: () => frameChosen(desk),
  };
}

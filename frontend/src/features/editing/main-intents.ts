/** What the main view's gestures do. */

import { keptOnGround, previewCuboid, reshape } from "../../tools/cuboid-edits";
import type { Desk } from "../../views/desk";
import type { MainIntents } from "../../views/main/main-pointer";
import { frameChosen } from "./framing";

export function mainIntents(desk: Desk): MainIntents {
  const { bench } = desk;
  const grounded = (cuboid: Parameters<MainIntents["previewMove"]>[0]) => {
    const before = bench.committedEgo.peek();
    return before ? keptOnGround(bench, before, cuboid) : cuboid;
  };
  return {
    oneClick: () => undefined,
    rectangle: () => undefined,
    previewMove: (cuboid) => previewCuboid(bench, grounded(cuboid)),
    finishMove: (cuboid) => reshape(bench, grounded(cuboid), { label: "Move cuboid" }),
    cancel: () => bench.editor.cancelPreview(),
    frame: () => frameChosen(desk),
  };
}

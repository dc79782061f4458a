/** What the side views' gestures do. */

import { flip, keptOnGround, previewCuboid, reshape } from "../../tools/cuboid-edits";
import { fitAll, fitFaces } from "../../tools/fitting";
import type { Desk } from "../../views/desk";
import type { SideIntents } from "../../views/side/side-pointer";

export function sideIntents({ bench }: Desk): SideIntents {
  return {
    preview: (cuboid) => previewCuboid(bench, cuboid),
    finish: (cuboid, label, snapped) => {
      const cloud = bench.cloud.peek();
      const moved = label === "Move cuboid" && bench.committedEgo.peek();
      const placed =
        moved && moved.center_m[2] === cuboid.center_m[2]
          ? keptOnGround(bench, moved, cuboid)
          : cuboid;
      const fitted = cloud && snapped.length > 0 ? fitFaces(cloud, placed, snapped) : placed;
      reshape(bench, fitted, { label });
    },
    cancel: () => bench.editor.cancelPreview(),
    fitFaces: (faces) => {
      const [cloud, cuboid] = [bench.cloud.peek(), bench.selectedEgo.peek()];
      if (cloud && cuboid)
        reshape(bench, fitFaces(cloud, cuboid, faces), { label: "Fit face", origin: "fit" });
    },
    fitAll: () => fitAll(bench),
    flip: () => flip(bench),
  };
}

/** What the pictures' gestures do: boxes as observations, rays into the scene. */

import { addBox, adjustBox } from "../../core/edits";
import { worldKeys } from "../../core/evaluate";
import type { SensorKey } from "../../core/types";
import type { BoxPx } from "../../math/iou";
import { type Creator, startingFields } from "../../tools/creating";
import type { Desk } from "../../views/desk";
import type { ImageIntents } from "../../views/image/image-pointer";
import type { Screen } from "../../views/lens";
import type { Chrome } from "../chrome";
import { NOTHING_THERE } from "./main-intents";
import { pixelRay, rayEnd, seedBehind } from "./seeds";

export const ADJUST_REASONS: readonly string[] = [
  "Partly hidden by something else",
  "A part sticks out of the cuboid",
  "It moved while the picture was taken",
  "The calibration is off here",
];

/** Shows the box at once, asks why it is not where the cuboid says, and then makes it or lets it go. */
async function adjust(
  desk: Desk,
  chrome: Chrome,
  sensor: SensorKey,
  { box_px, place }: { box_px: BoxPx; place: Screen },
): Promise<void> {
  const { bench } = desk;
  const object = bench.selected.peek();
  if (!object) return;
  const at_ns = bench.cameraTime(sensor);
  const opsFor = (reason: string) => adjustBox({ object, sensor, at_ns, box_px, reason });
  bench.editor.preview(opsFor(ADJUST_REASONS[0] ?? ""));
  const needsReason = worldKeys(object).length > 0;
  const reason = needsReason
    ? await chrome.ask("Why is the box not where the cuboid says?", ADJUST_REASONS, place)
    : "";
  if (reason === null) bench.editor.cancelPreview();
  else
    await bench.editor.commit({
      label: needsReason ? "Adjust box" : "Draw box",
      ops: opsFor(reason),
    });
}

export function imageIntents(desk: Desk, creator: Creator, chrome: Chrome): ImageIntents {
  const { bench, view } = desk;
  return {
    boxDone: (sensor, box_px, place) => void adjust(desk, chrome, sensor, { box_px, place }),
    newBox: (sensor, box_px) => {
      const labelClass = bench.currentClass;
      if (!labelClass) return;
      const fields = startingFields(bench, labelClass);
      const { id, ops } = addBox({ fields, sensor, at_ns: bench.cameraTime(sensor), box_px });
      void bench.editor.commit({ label: `New ${labelClass.label.toLowerCase()} box`, ops });
      bench.selection.select(id);
    },
    clickRay: (sensor, pixel) => {
      const camera = bench.scene.camera(sensor);
      const seed = camera ? seedBehind(bench, camera, pixel) : null;
      if (seed) void creator.create(seed);
      else bench.editor.notify("info", NOTHING_THERE);
    },
    hoverRay: (sensor, pixel) => {
      const camera = pixel ? bench.scene.camera(sensor) : null;
      const ray = camera && pixel ? pixelRay(bench, camera, pixel) : null;
      desk.ray.value = ray ? [ray.origin_m, rayEnd(bench.cloud.peek(), ray)] : null;
    },
    enlarge: (sensor) => {
      view.bigFollows.value = false;
      view.bigCamera.value = sensor;
    },
  };
}

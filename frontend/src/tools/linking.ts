/** Linking an object in the cameras that see it. */

import { linkDerived } from "../core/edits";
import { boxStream } from "../core/evaluate";
import { keyAt } from "../core/ops";
import type { LabelledObject, Op } from "../core/types";
import type { Bench } from "./bench";

/** Smaller than this nobody draws a box. */
const LEAST_AREA_PX2 = 16;

function isSeen(bench: Bench, object: LabelledObject, sensor: string, at_ns: number): boolean {
  const box = bench.store.observation(object, sensor, at_ns)?.box_px ?? null;
  return box !== null && (box[2] - box[0]) * (box[3] - box[1]) >= LEAST_AREA_PX2;
}

/** Links in a frame: every camera that sees it and says nothing of it yet. */
export function linksIn(bench: Bench, object: LabelledObject, frame: number): readonly Op[] {
  return bench.scene.cameras.flatMap(({ key }) => {
    if (!bench.scene.capture(frame, key)) return [];
    const at_ns = bench.scene.captureTime(frame, key);
    const said = keyAt(object, boxStream(key), at_ns);
    return !said && isSeen(bench, object, key, at_ns) ? linkDerived(object, key, at_ns) : [];
  });
}

/** The same in every frame. */
export function linksEverywhere(bench: Bench, object: LabelledObject): readonly Op[] {
  return bench.scene.frames.flatMap((_, frame) => linksIn(bench, object, frame));
}

/** Cameras that were linked in one frame are linked in another too, where they see the object. */
export function linksCarriedOn(
  bench: Bench,
  object: LabelledObject,
  from: number,
  to: number,
): readonly Op[] {
  const linked = bench.scene.cameras.filter(({ key }) => {
    const said = keyAt(object, boxStream(key), bench.scene.captureTime(from, key));
    return said?.state === "derived";
  });
  const keys = new Set(linked.map(({ key }) => boxStream(key)));
  return linksIn(bench, object, to).filter((op) => op.k === "key.put" && keys.has(op.stream));
}

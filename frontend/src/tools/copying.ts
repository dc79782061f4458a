/** Copying an object to the frame after or before, the way it moves. */

import { putCuboid } from "../core/edits";
import { worldKeyAt, worldKeys } from "../core/evaluate";
import type { AtNs, Cuboid, LabelledObject } from "../core/types";
import { isCuboid } from "../math/trajectory";
import { add, scale } from "../math/vec";
import type { Bench } from "./bench";

/** Where the object would be at a time if it went on as it goes now; standing still where nothing is known of its motion. */
export function predicted(
  bench: Bench,
  object: LabelledObject,
  from_ns: AtNs,
  to_ns: AtNs,
): Cuboid | null {
  const now = bench.store.evaluate(object, from_ns);
  if (!now) return null;
  const moves = object.motion === "dynamic" && worldKeys(object).length > 1;
  const seconds = moves ? (to_ns - from_ns) / 1e9 : 0;
  return { ...now.cuboid, center_m: add(now.cuboid.center_m, scale(now.velocity_m_s, seconds)) };
}

/** Goes a frame on and makes a key there from the prediction; a key of a person's own is left as it is. */
export function copyToStep(bench: Bench, by: 1 | -1): void {
  const object = bench.selected.peek();
  const [from_ns, frame] = [bench.clock.at_ns.peek(), bench.clock.frame.peek()];
  const there = frame + by;
  if (!object || there < 0 || there >= bench.scene.frames.length) return;
  const to_ns = bench.scene.keyTime(there);
  const key = worldKeyAt(object, to_ns);
  const isOwn = key !== null && isCuboid(key.geometry) && key.origin === "human";
  const cuboid = isOwn ? null : predicted(bench, object, from_ns, to_ns);
  if (cuboid) {
    const label = by > 0 ? "Copy to next frame" : "Copy to frame before";
    void bench.editor.commit({ label, ops: putCuboid(object, to_ns, cuboid, "track") });
  }
  bench.clock.goTo(there);
}

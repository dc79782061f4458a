/** Taking an object on to the frame after or before: the way it moves, then the way its points lie. */

import { putCuboid } from "../core/edits";
import { worldKeyAt } from "../core/evaluate";
import { applied } from "../core/ops";
import { predict } from "../core/predict";
import type { AtNs, Cuboid, LabelledObject } from "../core/types";
import { isCuboid } from "../math/trajectory";
import type { Bench } from "./bench";
import type { Creator } from "./creating";
import { linksCarriedOn } from "./linking";

/** Where the object is, or would be. */
function expectedAt(bench: Bench, object: LabelledObject, at_ns: AtNs): Cuboid | null {
  return predict(object, bench.store.standardOf(object).isVehicle, at_ns)?.cuboid ?? null;
}

/**
 * Makes a key of what is expected in the shown frame, drawn to its points where enough of them say so. Cameras that were
 * linked in the frame that it comes from are linked here too.
 */
export async function acceptHere(
  bench: Bench,
  creator: Creator,
  { label, from }: Acceptance,
): Promise<void> {
  const object = bench.selected.peek();
  const at_ns = bench.clock.at_ns.peek();
  const expected = object ? expectedAt(bench, object, at_ns) : null;
  if (!object || !expected) return;
  const frame = bench.clock.frame.peek();
  await creator.cloudHere();
  if (bench.clock.frame.peek() !== frame) return;
  const ego = bench.toEgo(expected);
  const fitted = ego ? await creator.refined(object, ego) : null;
  const cuboid = fitted ? bench.toWorldAt(fitted, at_ns) : expected;
  const put = putCuboid(object, at_ns, cuboid, "track");
  const after = applied(new Map([[object.id, object]]), put).get(object.id) ?? object;
  const links = linksCarriedOn(bench, after, from, frame);
  await bench.editor.commit({ label, ops: [...put, ...links] });
}

export interface Acceptance {
  readonly label: string;
  /** The frame that the expectation comes from. */
  readonly from: number;
}

/** Goes a frame on and makes a key there; a key of a person's own is left as it is. */
export async function copyToStep(bench: Bench, creator: Creator, by: 1 | -1): Promise<void> {
  const object = bench.selected.peek();
  const from = bench.clock.frame.peek();
  const there = from + by;
  if (!object || there < 0 || there >= bench.scene.frames.length) return;
  bench.clock.goTo(there);
  const key = worldKeyAt(object, bench.scene.keyTime(there));
  const isOwn = key !== null && isCuboid(key.geometry) && key.origin === "human";
  const label = by > 0 ? "Copy to next frame" : "Copy to frame before";
  if (!isOwn) await acceptHere(bench, creator, { label, from });
}

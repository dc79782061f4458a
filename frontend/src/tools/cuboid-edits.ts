/** Edits of the chosen cuboid, from any view: shown while the hand moves, made when it lets go. */

import type { Edit } from "../core/editor";
import { flipHeading, putCuboid, type TrackPart } from "../core/edits";
import type { Cuboid, LabelledObject, Origin } from "../core/types";
import { movedAlong, turned } from "../math/cuboid";
import { groundUnder } from "../math/ground";
import type { Bench } from "./bench";

/** A bottom this near to the road is taken to stand on it. */
export const STANDS_WITHIN_M = 0.35;

function edit(label: string, ops: Edit["ops"], merge?: string): Edit {
  return merge === undefined ? { label, ops } : { label, ops, merge };
}

/** Shows the chosen object with another cuboid, without making it. */
export function previewCuboid(bench: Bench, cuboid_ego: Cuboid): void {
  const object = chosen(bench);
  if (!object) return;
  bench.editor.preview(putCuboid(object, bench.clock.at_ns.peek(), bench.toWorld(cuboid_ego)));
}

export interface Reshape {
  readonly label: string;
  readonly origin?: Origin;
  readonly merge?: string;
}

/** Gives the chosen object another cuboid at the shown time. */
export function reshape(
  bench: Bench,
  cuboid_ego: Cuboid,
  { label, origin, merge }: Reshape,
): void {
  const object = chosen(bench);
  if (!object) return;
  const at_ns = bench.clock.at_ns.peek();
  const ops = putCuboid(object, at_ns, bench.toWorld(cuboid_ego), origin ?? "human");
  void bench.editor.commit(edit(label, ops, merge));
}

/** The chosen object as saved, without what a drag shows. */
function chosen(bench: Bench): LabelledObject | null {
  const id = bench.selection.object.peek();
  return id ? (bench.store.committed.peek().get(id) ?? null) : null;
}

/** A box that moved over the road keeps the height above it that it had, as long as it stood on it. */
export function keptOnGround(bench: Bench, before: Cuboid, after: Cuboid): Cuboid {
  const ground = bench.cloud.peek()?.ground;
  const grounded = bench.classOf(bench.selected.peek())?.grounded ?? false;
  if (!ground || !grounded) return after;
  const [from, to] = [groundUnder(ground, before), groundUnder(ground, after)];
  if (from === null || to === null) return after;
  const gap = before.center_m[2] - before.size_m[2] / 2 - from;
  if (Math.abs(gap) > STANDS_WITHIN_M) return after;
  const [x, y] = after.center_m;
  return { ...after, center_m: [x, y, to + gap + after.size_m[2] / 2] };
}

/** Pushed along its own axes by keys; presses within half a second are one step of undo. */
export function nudge(bench: Bench, by_body_m: readonly [number, number, number]): void {
  const before = bench.selectedEgo.peek();
  const id = bench.selection.object.peek();
  if (!before || !id) return;
  const level = by_body_m[2] === 0;
  const after = movedAlong(before, by_body_m);
  const stands = level ? keptOnGround(bench, before, after) : after;
  reshape(bench, stands, { label: "Nudge cuboid", merge: `nudge ${id}` });
}

export function turnBy(bench: Bench, by_rad: number): void {
  const before = bench.selectedEgo.peek();
  const id = bench.selection.object.peek();
  if (before && id)
    reshape(bench, turned(before, by_rad), { label: "Turn cuboid", merge: `turn ${id}` });
}

export function flip(bench: Bench, part: TrackPart = "this"): void {
  const [object, shown] = [chosen(bench), bench.selectedCuboid.peek()];
  if (!object || !shown) return;
  void bench.editor.commit(
    edit("Flip heading", flipHeading(object, bench.clock.at_ns.peek(), shown, part)),
  );
}

/** The main view goes along with the chosen object from frame to frame, so that it stays where the eye is. */

import { effect, untracked } from "@preact/signals";
import type { Vec3 } from "../core/types";
import { add, norm, subtract } from "../math/vec";
import type { Desk } from "../views/desk";
import type { MainState } from "../views/orbit";

interface Seen {
  readonly frame: number;
  readonly id: string | null;
  readonly center_m: Vec3 | null;
}

/** A jump further than this is no motion. */
const FURTHEST_M = 40;

export function shiftedBy(state: MainState, by_m: Vec3): MainState {
  return state.kind === "plan"
    ? { ...state, center_m: add(state.center_m, by_m) }
    : { ...state, eye_m: add(state.eye_m, by_m) };
}

/** How far the view has to go along; null where it stays. */
export function followed(before: Seen, now: Seen): Vec3 | null {
  if (before.frame === now.frame || before.id !== now.id || !before.center_m || !now.center_m)
    return null;
  const by = subtract(now.center_m, before.center_m);
  return norm(by) < FURTHEST_M ? by : null;
}

export function keepFollowing({ bench, view }: Desk): () => void {
  let before: Seen = { frame: 0, id: null, center_m: null };
  return effect(() => {
    const cuboid = bench.committedEgo.value ?? bench.ghostEgo.value;
    const now: Seen = {
      frame: bench.clock.frame.value,
      id: bench.selection.object.value,
      center_m: cuboid?.center_m ?? null,
    };
    const by = followed(before, now);
    before = now;
    if (by)
      untracked(() => {
        view.main.value = shiftedBy(view.main.peek(), by);
      });
  });
}

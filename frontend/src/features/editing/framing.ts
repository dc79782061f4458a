/** Brings the chosen object, or the whole scene, into the middle of the main view. */

import type { Desk } from "../../views/desk";
import { framed } from "../../views/orbit";

const SCENE_RADIUS_M = 25;

export function frameChosen({ bench, view, host }: Desk): void {
  const cuboid = bench.selectedEgo.peek();
  const radius = cuboid ? Math.max(...cuboid.size_m) : SCENE_RADIUS_M;
  const center = cuboid?.center_m ?? ([8, 0, 0] as const);
  host.stir();
  view.main.value = framed(view.main.peek(), view.mainSize.peek(), center, radius);
}

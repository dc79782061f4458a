/** Which camera sees the chosen object best. */

import type { SensorKey } from "../../core/types";
import type { CameraState } from "../../views/image/image-state";
import { seenArea } from "../../views/image/seen";

/** The one with the largest visible area, cut-off boxes counting less; null where none sees it. */
export function bestCamera(states: readonly CameraState[]): SensorKey | null {
  let best: { key: SensorKey; score: number } | null = null;
  for (const state of states) {
    const seen = state.chosen.value;
    if (!seen || seen.observation.state === "not_visible") continue;
    const truncation = seen.observation.projection?.truncation ?? 0;
    const score = seenArea(seen) * (1 - 0.8 * truncation);
    if (score > 0 && (!best || score > best.score)) best = { key: state.camera.key, score };
  }
  return best?.key ?? null;
}

/** Plays frames at the recording's own pace, and waits where they are not loaded yet. */

import { effect } from "@preact/signals";
import type { Bench } from "../tools/bench";

const FASTEST_MS = 66;
const SLOWEST_MS = 1000;

export function keepPlaying({ clock, scene, assets }: Bench): () => void {
  let timer = 0;
  const tick = () => {
    const next = clock.frame.peek() + 1;
    if (next >= scene.frames.length) {
      clock.playing.value = false;
      return;
    }
    if (assets.isReady(next)) clock.step(1);
    timer = window.setTimeout(tick, paceAt(next));
  };
  const paceAt = (frame: number): number => {
    const [before, after] = [scene.frame(frame - 1), scene.frame(frame)];
    const pace = before && after ? (after.at_ns - before.at_ns) / 1e6 : FASTEST_MS;
    return Math.min(Math.max(pace, FASTEST_MS), SLOWEST_MS);
  };
  const stop = effect(() => {
    window.clearTimeout(timer);
    if (clock.playing.value) timer = window.setTimeout(tick, FASTEST_MS);
  });
  return () => {
    stop();
    window.clearTimeout(timer);
  };
}

/** Counts what gestures cost: clicks, keys and seconds from one to the next. */

import type { Workspace } from "../data/session";

export function countInputs({ telemetry, store, history }: Workspace): () => void {
  const pointer = () => telemetry.input("pointer");
  const key = () => telemetry.input("key");
  window.addEventListener("pointerdown", pointer, { capture: true });
  window.addEventListener("keydown", key, { capture: true });
  const stop = store.onChange(({ source, footprints }) => {
    if (source !== "mine") return;
    // The history takes the gesture in right after the document has it.
    queueMicrotask(() => {
      const label = history.snapshot.peek().done.at(-1)?.label ?? "";
      void telemetry.end(label, footprints[0]?.obj ?? null);
    });
  });
  return () => {
    stop();
    window.removeEventListener("pointerdown", pointer, { capture: true });
    window.removeEventListener("keydown", key, { capture: true });
  };
}

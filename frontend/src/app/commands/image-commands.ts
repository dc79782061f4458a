/** How a camera sees the chosen object: linked, not visible, back to what the cuboid gives. */

import type { Command } from "../../core/commands";
import { linkDerived, markNotVisible, resetToDerived } from "../../core/edits";
import type { CameraState } from "../../views/image/image-state";
import { type CommandContext, canEditChosen } from "./context";

export const UNSEEN_REASONS: readonly string[] = [
  "Hidden by something else",
  "Outside of the picture",
  "Too dark or too far to be seen",
];

/** The camera under the mouse, else the large one, else the one that sees it best. */
function cameraOf({ desk, cameras }: CommandContext): CameraState | null {
  const { view, bench, bestCamera } = desk;
  const over = view.pane.value === "image" ? bench.selection.sensor.value : null;
  const key = over ?? view.bigCamera.value ?? bestCamera.value;
  return cameras.find((state) => state.camera.key === key) ?? null;
}

function seenIn(context: CommandContext): boolean {
  return canEditChosen(context) && cameraOf(context)?.chosen.value !== null;
}

async function hide(context: CommandContext): Promise<void> {
  const { bench } = context.desk;
  const [object, state] = [bench.selected.peek(), cameraOf(context)];
  if (!object || !state) return;
  const title = `Why is it not visible in ${state.camera.label}?`;
  const reason = await context.chrome.ask(title, UNSEEN_REASONS);
  if (reason === null) return;
  const ops = markNotVisible(object, state.camera.key, bench.cameraTime(state.camera.key), reason);
  await bench.editor.commit({ label: "Mark not visible", ops });
}

export function imageCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  const group = "Pictures";
  const commit = (label: string, make: typeof linkDerived) => {
    const [object, state] = [bench.selected.peek(), cameraOf(context)];
    if (!object || !state) return;
    const { key } = state.camera;
    void bench.editor.commit({ label, ops: make(object, key, bench.cameraTime(key)) });
  };
  return [
    {
      id: "box.link",
      label: "Link in this camera, as the cuboid gives it",
      group,
      keys: ["Shift+j"],
      when: () => seenIn(context) && cameraOf(context)?.chosen.value?.observation.key === null,
      run: () => commit("Link box", linkDerived),
    },
    {
      id: "box.not-visible",
      label: "Not visible in this camera",
      group,
      keys: ["Shift+o"],
      when: () => seenIn(context),
      run: () => hide(context),
    },
    {
      id: "box.reset",
      label: "Box back to what the cuboid gives",
      group,
      keys: ["Shift+Backspace"],
      when: () => seenIn(context) && Boolean(cameraOf(context)?.chosen.value?.observation.key),
      run: () => commit("Reset box", resetToDerived),
    },
  ];
}

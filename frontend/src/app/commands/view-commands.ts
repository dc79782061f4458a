/** Frames, cameras of the views, colours, tools: what changes the look, not the labels. */

import type { Command } from "../../core/commands";
import { confirmKeys } from "../../core/edits";
import { worldKeyAt } from "../../core/evaluate";
import { frameChosen } from "../../features/editing/framing";
import { COLOUR_MODES, type ColourMode } from "../../render/colour-modes";
import { PALETTES, type PaletteName } from "../../render/palettes";
import type { ToolName } from "../../tools/bench";
import { acceptHere } from "../../tools/copying";
import { fromAbove, fromAside } from "../../views/orbit";
import { type CommandContext, hasChosen } from "./context";

const TOOLS: readonly (readonly [ToolName, string, readonly string[]])[] = [
  ["select", "Choose and move", ["Backquote s"]],
  ["one-click", "Cuboid by one click", ["c", "Backquote c"]],
  ["rectangle", "Cuboid by rectangle", ["Backquote r"]],
  ["box", "Box in a picture", ["Backquote x"]],
];
const LARGEST_PX = 6;
const STEP_PX = 0.5;

function following<T>(all: readonly T[], now: T): T {
  return all[(all.indexOf(now) + 1) % all.length] ?? now;
}

function toolCommands({ desk: { bench } }: CommandContext): readonly Command[] {
  return TOOLS.map(([name, label, keys]) => ({
    id: `tool.${name}`,
    label,
    group: "Tools",
    keys: keys.map((chord) => chord.replace("Backquote", "code:Backquote")),
    run: () => {
      bench.tool.value = bench.tool.peek() === name ? "select" : name;
    },
  }));
}

function frameCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  const toKey = (direction: 1 | -1) => () => {
    const object = bench.selected.peek();
    if (object) bench.clock.stepToKey(object, direction);
  };
  const group = "Time";
  const chosen = () => hasChosen(context);
  return [
    {
      id: "frame.back",
      label: "Frame back",
      group,
      keys: [","],
      repeats: true,
      run: () => bench.clock.step(-1),
    },
    {
      id: "frame.on",
      label: "Frame on",
      group,
      keys: ["."],
      repeats: true,
      run: () => bench.clock.step(1),
    },
    {
      id: "frame.key-back",
      label: "Keyframe before",
      group,
      keys: ["<"],
      when: chosen,
      run: toKey(-1),
    },
    {
      id: "frame.key-on",
      label: "Next keyframe",
      group,
      keys: [">"],
      when: chosen,
      run: toKey(1),
    },
    {
      id: "frame.play",
      label: "Accept what is expected here and go on; play or stop where nothing waits",
      group,
      keys: ["Space"],
      run: () => acceptOrPlay(context),
    },
  ];
}

/** A ghost becomes a key, unconfirmed keys are confirmed; else the scene plays. */
async function acceptOrPlay({ desk: { bench }, creator }: CommandContext): Promise<void> {
  const object = bench.selected.peek();
  const editable = bench.editor.canEdit.peek();
  const at_ns = bench.clock.at_ns.peek();
  const key = object ? worldKeyAt(object, at_ns) : null;
  if (object && editable && bench.ghostEgo.peek()) {
    const from = bench.clock.frame.peek() - bench.clock.direction.peek();
    await acceptHere(bench, creator, { label: "Accept here", from });
    bench.clock.step(1);
  } else if (object && editable && key && !key.confirmed) {
    await bench.editor.commit({ label: "Confirm", ops: confirmKeys(object) });
  } else bench.clock.playing.value = !bench.clock.playing.peek();
}

function lookCommands({ desk: { view } }: CommandContext): readonly Command[] {
  const prefs = () => view.preferences.peek();
  const group = "View";
  const size = (by: number) => () => {
    view.set("pointSize_px", Math.min(Math.max(prefs().pointSize_px + by, 1), LARGEST_PX));
  };
  return [
    {
      id: "view.colour",
      label: "Colour of points: height, intensity, range, one",
      group,
      keys: ["v"],
      run: () => view.set("colour", following<ColourMode>(COLOUR_MODES, prefs().colour)),
    },
    {
      id: "view.palette",
      label: "Palette",
      group,
      keys: ["Shift+v"],
      run: () => view.set("palette", following<PaletteName>(PALETTES, prefs().palette)),
    },
    {
      id: "view.larger",
      label: "Larger points",
      group,
      keys: ["+", "="],
      repeats: true,
      run: size(STEP_PX),
    },
    {
      id: "view.smaller",
      label: "Smaller points",
      group,
      keys: ["-"],
      repeats: true,
      run: size(-STEP_PX),
    },
    {
      id: "view.image-points",
      label: "Points on pictures",
      group,
      keys: ["Shift+i"],
      run: () => view.set("pointsOnImages", !prefs().pointsOnImages),
    },
    {
      id: "view.labels",
      label: "Names on boxes",
      group,
      keys: ["Shift+l"],
      run: () => view.set("labels", !prefs().labels),
    },
    {
      id: "view.theme",
      label: "Light or dark",
      group,
      keys: [],
      run: () => view.set("theme", prefs().theme === "dark" ? "light" : "dark"),
    },
  ];
}

export function viewCommands(context: CommandContext): readonly Command[] {
  const { desk } = context;
  const { view, host, bench } = desk;
  const group = "View";
  return [
    ...toolCommands(context),
    ...frameCommands(context),
    {
      id: "view.frame",
      label: "Centre on the chosen object",
      group,
      keys: ["Home"],
      run: () => focusPane(context),
    },
    {
      id: "view.above",
      label: "From above or at an angle",
      group,
      keys: ["u"],
      run: () => {
        host.stir();
        const [state, size] = [view.main.peek(), view.mainSize.peek()];
        const level = bench.selectedEgo.peek()?.center_m[2] ?? 0;
        view.main.value =
          state.kind === "orbit" ? fromAbove(state, size, level) : fromAside(state, size);
      },
    },
    {
      id: "view.isolate",
      label: "Only the chosen object",
      group,
      keys: ["z"],
      run: () => {
        view.isolated.value = !view.isolated.peek();
      },
    },
    {
      id: "view.camera",
      label: "Large picture of the best camera",
      group,
      keys: ["i"],
      run: () => toggleLarge(context),
    },
    ...lookCommands(context),
  ];
}

/** Over a picture the picture goes to the object, elsewhere the main view does. */
function focusPane({ desk }: CommandContext): void {
  const big = desk.view.bigPane.peek();
  if (desk.view.pane.peek() === "image" && big) big.follows.value = !big.follows.peek();
  else frameChosen(desk);
}

function toggleLarge({ desk, cameras }: CommandContext): void {
  const { view } = desk;
  if (view.bigCamera.peek()) {
    view.bigCamera.value = null;
    return;
  }
  view.bigFollows.value = true;
  view.bigCamera.value = desk.bestCamera.peek() ?? cameras[0]?.camera.key ?? null;
}

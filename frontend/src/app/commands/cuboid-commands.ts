/** Moving, turning and fitting the chosen cuboid by keys. */

import type { Command } from "../../core/commands";
import { lockSize } from "../../core/edits";
import { quarterTurned } from "../../math/cuboid";
import { flip, nudge, reshape, turnBy } from "../../tools/cuboid-edits";
import { fitAll, fitYaw, groundSnap, headingFromMotion, turnAndFit } from "../../tools/fitting";
import {
  LARGE_STEP_M,
  SMALL_STEP_M,
  STEP_M,
  STEP_RAD,
  type StepKey,
  type StepView,
  stepIn,
} from "../../tools/steps";
import { type CommandContext, canEditChosen, canShape, OTHER_STEPS } from "./context";

const MOVES: readonly (readonly [StepKey, string, string])[] = [
  ["ahead", "forward", "KeyW"],
  ["back", "back", "KeyS"],
  ["left", "left", "KeyA"],
  ["right", "right", "KeyD"],
  ["up", "up", "KeyR"],
  ["down", "down", "KeyF"],
];
const STRIDES: readonly (readonly [string, number, string])[] = [
  ["", STEP_M, "2 cm"],
  ["Shift+", LARGE_STEP_M, "20 cm"],
  ["Alt+", SMALL_STEP_M, "2 mm"],
];

function viewOf({ desk: { view } }: CommandContext): StepView {
  return view.pane.peek() === "side" ? view.side.peek() : "main";
}

function moveCommands(context: CommandContext): readonly Command[] {
  return STRIDES.flatMap(([modifier, length_m, length]) =>
    MOVES.map(([key, word, code]) => ({
      id: `cuboid.${word}${modifier.toLowerCase().replace("+", "-")}`,
      label: `Move ${word} ${length}`,
      group: modifier ? OTHER_STEPS : "Cuboid",
      keys: [`${modifier}code:${code}`],
      repeats: true,
      when: () => canShape(context),
      run: () => nudge(context.desk.bench, stepIn(viewOf(context), key, length_m)),
    })),
  );
}

function turnCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  const when = () => canShape(context);
  const turn = (id: string, label: string, key: string, by_rad: number): Command => ({
    id,
    label,
    group: "Cuboid",
    keys: [key],
    repeats: true,
    when,
    run: () => turnBy(bench, by_rad),
  });
  return [
    turn("cuboid.turn-left", "Turn left 0.5°", "code:KeyQ", STEP_RAD),
    turn("cuboid.turn-right", "Turn right 0.5°", "code:KeyE", -STEP_RAD),
    ...fitCommands(context),
    {
      id: "cuboid.flip",
      label: "Flip heading",
      group: "Cuboid",
      keys: ["x"],
      when,
      run: () => flip(bench),
    },
    {
      id: "cuboid.flip-next",
      label: "Flip heading, here and at the next keyframe",
      group: "Cuboid",
      keys: ["Alt+x"],
      when,
      run: () => flip(bench, "to-next-key"),
    },
    {
      id: "cuboid.flip-track",
      label: "Flip heading of the whole track",
      group: "Cuboid",
      keys: ["Alt+Shift+x"],
      when,
      run: () => flip(bench, "whole"),
    },
    {
      id: "cuboid.quarter",
      label: "Turn 90°, length and width change places",
      group: "Cuboid",
      keys: ["Shift+x"],
      when,
      run: () => {
        const cuboid = bench.selectedEgo.peek();
        if (cuboid) reshape(bench, quarterTurned(cuboid), { label: "Turn by 90°" });
      },
    },
  ];
}

function fitCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  const fitting = (id: string, label: string, key: string, run: () => void): Command => ({
    id,
    label,
    group: "Fit",
    keys: [key],
    repeats: key.startsWith("Shift"),
    when: () => canShape(context),
    run,
  });
  return [
    fitting("cuboid.ground", "Put on the ground", "g", () => groundSnap(bench)),
    fitting("cuboid.tighten", "Tighten to the points", "t", () => fitAll(bench)),
    fitting("cuboid.fit-yaw", "Fit heading to the points", "y", () => fitYaw(bench)),
    fitting("cuboid.motion-yaw", "Heading from motion", "h", () => headingFromMotion(bench)),
    fitting("cuboid.turn-fit-left", "Turn left and fit", "Shift+code:KeyQ", () =>
      turnAndFit(bench, STEP_RAD),
    ),
    fitting("cuboid.turn-fit-right", "Turn right and fit", "Shift+code:KeyE", () =>
      turnAndFit(bench, -STEP_RAD),
    ),
  ];
}

export function cuboidCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  return [
    ...moveCommands(context),
    ...turnCommands(context),
    {
      id: "object.lock-size",
      label: "Lock one size for the whole track",
      group: "Cuboid",
      keys: [],
      when: () => canEditChosen(context),
      run: () => {
        const [object, cuboid] = [bench.selected.peek(), bench.selectedCuboid.peek()];
        if (!object) return;
        const locks = !object.size_locked;
        const ops = lockSize(object, locks ? (cuboid?.size_m ?? null) : null);
        void bench.editor.commit({ label: locks ? "Lock size" : "Unlock size", ops });
      },
    },
  ];
}

/** The six faces by keys: Tab goes round them, arrows move the one in focus. */

import type { Command } from "../../core/commands";
import type { Cuboid, Vec3 } from "../../core/types";
import { type FaceName, faceOf, slidByFace, withFaceMoved } from "../../math/cuboid";
import { reshape } from "../../tools/cuboid-edits";
import { fitFaces } from "../../tools/fitting";
import { SIDE_PLANS } from "../../tools/side-plans";
import { LARGE_STEP_M, STEP_M } from "../../tools/steps";
import { type CommandContext, canShape, OTHER_STEPS } from "./context";

const ORDER: readonly FaceName[] = ["front", "left", "rear", "right", "top", "bottom"];

type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";
const ARROWS: readonly (readonly [Arrow, readonly [number, number], string])[] = [
  ["ArrowUp", [0, 1], "up"],
  ["ArrowDown", [0, -1], "down"],
  ["ArrowLeft", [-1, 0], "left"],
  ["ArrowRight", [1, 0], "right"],
];

/** How an arrow on the screen moves a face: 1 outwards, -1 inwards. A face that looks at the viewer goes out with up and right. */
export function outwardSign(
  plan: { readonly right: Vec3; readonly up: Vec3 },
  face: FaceName,
  [x, y]: readonly [number, number],
): 1 | -1 {
  const { axis, side } = faceOf(face);
  const along = (plan.right[axis] * x + plan.up[axis] * y) * side;
  if (along !== 0) return along > 0 ? 1 : -1;
  return x + y > 0 ? 1 : -1;
}

type FaceMove = (cuboid: Cuboid, face: FaceName, outward_m: number) => Cuboid;

function moveFace(
  context: CommandContext,
  arrow: readonly [number, number],
  move: FaceMove,
  step_m: number,
): void {
  const { bench, view } = context.desk;
  const [cuboid, face, object] = [
    bench.selectedEgo.peek(),
    bench.selection.face.peek(),
    bench.selected.peek(),
  ];
  if (!cuboid || !face || !object) return;
  const sign = outwardSign(SIDE_PLANS[view.side.peek()], face, arrow);
  const moved = move(cuboid, face, sign * step_m);
  reshape(bench, moved, { label: `Move ${face} face`, merge: `face ${object.id} ${face}` });
}

function arrowCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  const when = () => canShape(context) && bench.selection.face.value !== null;
  return ARROWS.flatMap(([key, arrow, word]) => [
    {
      id: `face.${word}`,
      label: `Move the face ${word} 2 cm`,
      group: "Faces",
      keys: [key],
      repeats: true,
      when,
      run: () => moveFace(context, arrow, withFaceMoved, STEP_M),
    },
    {
      id: `face.slide-${word}`,
      label: `Slide the box ${word} by the face, size kept`,
      group: OTHER_STEPS,
      keys: [`Shift+${key}`],
      repeats: true,
      when,
      run: () => moveFace(context, arrow, slidByFace, STEP_M),
    },
    {
      id: `face.far-${word}`,
      label: `Move the face ${word} 20 cm`,
      group: OTHER_STEPS,
      keys: [`Alt+${key}`],
      repeats: true,
      when,
      run: () => moveFace(context, arrow, withFaceMoved, LARGE_STEP_M),
    },
  ]);
}

function cycle(context: CommandContext, by: 1 | -1): void {
  const { face } = context.desk.bench.selection;
  const index = face.peek() ? ORDER.indexOf(face.peek() ?? "front") : by > 0 ? -1 : 0;
  face.value = ORDER[(index + by + ORDER.length) % ORDER.length] ?? null;
}

export function faceCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  const inViews = () => canShape(context);
  const step = (
    id: string,
    label: string,
    key: string,
    by: 1 | -1,
    scope: "main" | "side",
  ): Command => ({
    id: `${id}-${scope}`,
    label,
    group: "Faces",
    keys: [key],
    scope,
    when: inViews,
    run: () => cycle(context, by),
  });
  return [
    step("face.next", "Next face", "Tab", 1, "side"),
    step("face.previous", "Previous face", "Shift+Tab", -1, "side"),
    ...arrowCommands(context),
    {
      id: "face.snap",
      label: "Snap the face to the points",
      group: "Faces",
      keys: ["Ctrl+ArrowUp", "Ctrl+ArrowDown", "Ctrl+ArrowLeft", "Ctrl+ArrowRight"],
      when: () => inViews() && bench.selection.face.value !== null,
      run: () => {
        const [cloud, cuboid, face] = [
          bench.cloud.peek(),
          bench.selectedEgo.peek(),
          bench.selection.face.peek(),
        ];
        if (cloud && cuboid && face) {
          reshape(bench, fitFaces(cloud, cuboid, [face]), { label: "Fit face", origin: "fit" });
        }
      },
    },
  ];
}

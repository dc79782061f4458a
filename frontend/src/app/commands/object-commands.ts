/** Whole objects and their keys: class, choice, keyframes, absence, deletion, sensors. */

import type { Command } from "../../core/commands";
import {
  deleteKey,
  deleteObject,
  endLife,
  markAbsent,
  startLife,
  toggleKey,
} from "../../core/edits";
import { WORLD, worldKeyAt } from "../../core/evaluate";
import type { LabelClass, LabelledObject, Op } from "../../core/types";
import { frameChosen } from "../../features/editing/framing";
import { copyToStep } from "../../tools/copying";
import { linksEverywhere, linksIn } from "../../tools/linking";
import { type CommandContext, canEditChosen, canShape, hasChosen } from "./context";

const MOST_CLASS_KEYS = 9;

function classCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  const choose = (labelClass: LabelClass) => {
    bench.classKey.value = labelClass.key;
    if (bench.editor.canEdit.peek()) void context.creator.reclass(labelClass);
  };
  const classes = [...bench.store.classes.values()];
  const commands = classes.map((labelClass, n) => ({
    id: `class.${labelClass.key}`,
    label: `Class ${labelClass.label.toLowerCase()}`,
    group: "Class",
    keys: n < MOST_CLASS_KEYS ? [`code:Digit${n + 1}`] : [],
    run: () => choose(labelClass),
  }));
  return [
    ...commands,
    {
      id: "class-again",
      label: "The last class again",
      group: "Class",
      keys: ["code:Digit0"],
      when: () => hasChosen(context),
      run: () => {
        const last = bench.currentClass;
        if (last) choose(last);
      },
    },
  ];
}

/** The next object of the frame by distance from the ego. */
function step(context: CommandContext, by: 1 | -1): void {
  const { bench, boxes } = context.desk;
  const order = [...boxes.committed.peek()].sort(
    (a, b) => range(a.cuboid.center_m) - range(b.cuboid.center_m),
  );
  if (order.length === 0) return;
  const index = order.findIndex(({ id }) => id === bench.selection.object.peek());
  const next =
    index < 0 ? (by > 0 ? 0 : order.length - 1) : (index + by + order.length) % order.length;
  bench.selection.select(order[next]?.id ?? null);
  frameChosen(context.desk);
}

function range([x, y]: readonly [number, number, number]): number {
  return Math.hypot(x, y);
}

/** Makes an edit of the chosen object at the shown time. */
function editChosen(
  context: CommandContext,
  label: string,
  make: (object: LabelledObject, at_ns: number) => readonly Op[],
): void {
  const { bench } = context.desk;
  const object = bench.selected.peek();
  if (object) void bench.editor.commit({ label, ops: make(object, bench.clock.at_ns.peek()) });
}

/** Links the object in every camera that sees it and says nothing of it yet. */
function link(context: CommandContext, everywhere: boolean): void {
  const { bench } = context.desk;
  const object = bench.selected.peek();
  if (!object) return;
  const ops = everywhere
    ? linksEverywhere(bench, object)
    : linksIn(bench, object, bench.clock.frame.peek());
  if (ops.length === 0)
    bench.editor.notify("info", "Every camera that sees it has a box already.");
  else void bench.editor.commit({ label: `Link ${ops.length} boxes`, ops });
}

function keyCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  const [editable, shapeable] = [() => canEditChosen(context), () => canShape(context)];
  const shown = () => bench.selectedCuboid.peek();
  const group = "Keyframes";
  return [
    {
      id: "key.toggle",
      label: "Keyframe on or off",
      group,
      keys: ["k"],
      when: shapeable,
      run: () =>
        editChosen(context, "Toggle keyframe", (object, at) => {
          const cuboid = shown();
          return cuboid ? toggleKey(object, at, cuboid) : [];
        }),
    },
    {
      id: "key.absent",
      label: "Absent from here",
      group,
      keys: ["o"],
      when: editable,
      run: () =>
        editChosen(context, "Mark absent", (object, at) =>
          worldKeyAt(object, at)?.absent ? deleteKey(object, WORLD, at) : markAbsent(object, at),
        ),
    },
    {
      id: "key.start-life",
      label: "Life starts here",
      group,
      keys: ["code:BracketLeft"],
      when: shapeable,
      run: () =>
        editChosen(context, "Start life", (object, at) => {
          const cuboid = shown();
          return cuboid ? startLife(object, at, cuboid) : [];
        }),
    },
    {
      id: "key.end-life",
      label: "Life ends here",
      group,
      keys: ["code:BracketRight"],
      when: editable,
      run: () => editChosen(context, "End life", endLife),
    },
    {
      id: "object.copy-next",
      label: "Copy to the next frame, with its motion",
      group,
      keys: ["p"],
      when: editable,
      run: () => copyToStep(bench, context.creator, 1),
    },
    {
      id: "object.copy-previous",
      label: "Copy to the frame before, with its motion",
      group,
      keys: ["Shift+p"],
      when: editable,
      run: () => copyToStep(bench, context.creator, -1),
    },
    {
      id: "object.link",
      label: "Link in every camera that sees it now",
      group: "Object",
      keys: ["j"],
      when: editable,
      run: () => link(context, false),
    },
    {
      id: "object.link-track",
      label: "Link in every camera that sees it, in all frames",
      group: "Object",
      keys: ["Alt+j"],
      when: editable,
      run: () => link(context, true),
    },
  ];
}

export function objectCommands(context: CommandContext): readonly Command[] {
  const { bench } = context.desk;
  return [
    ...classCommands(context),
    ...keyCommands(context),
    {
      id: "object.next",
      label: "Next object, by distance",
      group: "Object",
      keys: ["n"],
      repeats: true,
      run: () => step(context, 1),
    },
    {
      id: "object.previous",
      label: "Object before, by distance",
      group: "Object",
      keys: ["Shift+n"],
      repeats: true,
      run: () => step(context, -1),
    },
    {
      id: "object.delete-key",
      label: "Delete the keyframe here",
      group: "Object",
      keys: ["Delete"],
      when: () => canEditChosen(context),
      run: () =>
        editChosen(context, "Delete keyframe", (object, at) => deleteHere(context, object, at)),
    },
    {
      id: "object.delete",
      label: "Delete the object",
      group: "Object",
      keys: ["Shift+Delete"],
      when: () => canEditChosen(context),
      run: () => {
        const text = bench.selected.peek();
        editChosen(context, "Delete object", deleteObject);
        if (text)
          bench.editor.notify(
            "info",
            `${context.desk.boxes.textOf(text)} deleted. Ctrl Z brings it back.`,
          );
      },
    },
  ];
}

function deleteHere(
  { desk: { bench } }: CommandContext,
  object: LabelledObject,
  at_ns: number,
): readonly Op[] {
  const ops = deleteKey(object, WORLD, at_ns);
  if (ops.length === 0)
    bench.editor.notify("info", "There is no keyframe here; Shift Delete deletes the object.");
  return ops;
}

/** Undo, help, findings, and stepping out. */

import type { Command } from "../../core/commands";
import {
  currentFinding,
  dismissFinding,
  mendFinding,
  stepFinding,
} from "../../features/findings/finding-actions";
import type { CommandContext } from "./context";

function findingCommands(context: CommandContext): readonly Command[] {
  const { desk, chrome, findings } = context;
  const group = "Findings";
  const current = () => currentFinding(desk, chrome);
  return [
    {
      id: "finding.next",
      label: "Next finding",
      group,
      keys: ["'"],
      run: () => stepFinding(desk, chrome, 1),
    },
    {
      id: "finding.previous",
      label: "Finding before",
      group,
      keys: ['"'],
      run: () => stepFinding(desk, chrome, -1),
    },
    {
      id: "finding.mend",
      label: "Apply its fix",
      group,
      keys: ["Enter"],
      when: () => (current()?.fixes.length ?? 0) > 0 && desk.bench.editor.canEdit.value,
      run: () => {
        const finding = current();
        if (finding) mendFinding(desk, chrome, finding);
      },
    },
    {
      id: "finding.dismiss",
      label: "Dismiss with a reason",
      group,
      keys: [";"],
      when: () => current() !== null,
      run: async () => {
        const finding = current();
        if (finding && !findings.isLocal(finding)) {
          await dismissFinding(desk, chrome, findings, { finding, place: null });
        }
      },
    },
    {
      id: "finding.clause",
      label: "Show its clause of the guideline",
      group,
      keys: ["Shift+c"],
      when: () => Boolean(current()?.clause),
      run: () => {
        chrome.clause.value = current()?.clause ?? null;
      },
    },
  ];
}

/** Steps out of one thing at a time: dialogs, a gesture, a tool, a face, the large picture, the choice. */
function stepOut({ desk, chrome }: CommandContext): void {
  const { bench, view } = desk;
  if (chrome.closeTop()) return;
  bench.editor.cancelPreview();
  if (bench.tool.peek() !== "select") bench.tool.value = "select";
  else if (bench.selection.face.peek()) bench.selection.face.value = null;
  else if (view.isolated.peek()) view.isolated.value = false;
  else if (view.bigCamera.peek()) view.bigCamera.value = null;
  else bench.selection.select(null);
}

export function pageCommands(context: CommandContext): readonly Command[] {
  const { desk, chrome } = context;
  const { bench } = desk;
  const group = "Page";
  const editable = () => bench.editor.canEdit.value;
  return [
    ...findingCommands(context),
    {
      id: "edit.undo",
      label: "Undo",
      group,
      keys: ["Ctrl+z"],
      repeats: true,
      when: () => editable() && bench.editor.history.snapshot.value.done.length > 0,
      run: () => bench.editor.undo(),
    },
    {
      id: "edit.redo",
      label: "Redo",
      group,
      keys: ["Ctrl+Shift+z", "Ctrl+y"],
      repeats: true,
      when: () => editable() && bench.editor.history.snapshot.value.undone.length > 0,
      run: () => bench.editor.redo(),
    },
    { id: "page.out", label: "Step out", group, keys: ["Escape"], run: () => stepOut(context) },
    {
      id: "object.query",
      label: "Filter the objects",
      group,
      keys: ["/"],
      run: () => {
        chrome.tab.value = "objects";
        chrome.queryFocus.value += 1;
      },
    },
    {
      id: "help.keys",
      label: "Keys",
      group,
      keys: ["?"],
      run: () => {
        chrome.help.value = !chrome.help.peek();
      },
    },
    {
      id: "help.palette",
      label: "All commands",
      group,
      keys: ["Ctrl+k"],
      run: () => {
        chrome.palette.value = !chrome.palette.peek();
      },
    },
  ];
}

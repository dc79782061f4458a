/** What commands are made from. */

import type { Workspace } from "../../data/session";
import type { Chrome } from "../../features/chrome";
import type { FindingDesk } from "../../features/findings/finding-desk";
import type { Creator } from "../../tools/creating";
import type { Desk } from "../../views/desk";
import type { CameraState } from "../../views/image/image-state";

/** The heading under which the help overlay puts variants, last. */
export const OTHER_STEPS = "Larger and smaller steps";

export interface CommandContext {
  readonly workspace: Workspace;
  readonly desk: Desk;
  readonly chrome: Chrome;
  readonly findings: FindingDesk;
  readonly cameras: readonly CameraState[];
  readonly creator: Creator;
}

/** Whether a cuboid is chosen, is there now, and may be changed. */
export function canShape({ desk: { bench } }: CommandContext): boolean {
  return bench.editor.canEdit.value && bench.selectedEgo.value !== null;
}

export function hasChosen({ desk: { bench } }: CommandContext): boolean {
  return bench.selected.value !== null;
}

export function canEditChosen(context: CommandContext): boolean {
  return context.desk.bench.editor.canEdit.value && hasChosen(context);
}

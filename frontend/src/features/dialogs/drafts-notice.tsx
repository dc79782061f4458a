/** Edits that came too late, from an earlier lease: they can be made again on top of what is there now. */

import { useEffect, useState } from "preact/hooks";
import type { DraftRow } from "../../api/calls";
import { OpMismatch } from "../../core/ops";
import type { Workspace } from "../../data/session";
import { readSetting, writeSetting } from "../../data/settings";
import { Icon } from "../controls/icon";

interface Props {
  readonly workspace: Workspace;
}

const SETTING = "drafts-settled";

function isIds(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => typeof each === "number");
}

export function DraftsNotice({ workspace }: Props) {
  const [drafts, setDrafts] = useState<readonly DraftRow[]>([]);
  const mayEdit = workspace.editor.canEdit.value;
  useEffect(() => {
    let gone = false;
    const load = async () => {
      const settled = (await readSetting(workspace.shelf, SETTING, isIds)) ?? [];
      const found = await workspace.calls.drafts(workspace.taskId);
      if (!gone) setDrafts(found.filter(({ id }) => !settled.includes(id)));
    };
    load().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : "the server did not answer.";
      workspace.editor.notify("info", `Drafts could not be looked up: ${why}`);
    });
    return () => {
      gone = true;
    };
  }, [workspace]);
  const [draft] = drafts;
  if (!draft || !mayEdit) return null;
  const settle = async () => {
    const settled = (await readSetting(workspace.shelf, SETTING, isIds)) ?? [];
    await writeSetting(workspace.shelf, SETTING, [...settled, draft.id]);
    setDrafts(drafts.slice(1));
  };
  const takeUp = async () => {
    await redo(workspace, draft);
    await settle();
  };
  return (
    <p class="banner info">
      <Icon name="info" />
      <span>
        {draft.change_set_count} of your changes came too late on {draft.created_at.slice(0, 10)}{" "}
        and were kept.
        <button type="button" class="small" onClick={() => void takeUp()}>
          Make them again
        </button>
        <button type="button" class="small" onClick={() => void settle()}>
          Leave them
        </button>
      </span>
    </p>
  );
}

/** One gesture after another; those that no longer fit are told. */
async function redo({ calls, taskId, editor }: Workspace, { id }: DraftRow): Promise<void> {
  const { changesets } = await calls.draft(taskId, id);
  for (const { label, ops } of changesets) {
    try {
      await editor.commit({ label, ops });
    } catch (error) {
      if (!(error instanceof OpMismatch)) throw error;
      editor.notify("warning", `"${label}" could not be made again: ${error.message}.`);
    }
  }
}

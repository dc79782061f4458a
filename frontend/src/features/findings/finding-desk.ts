/** Findings from the server and from this browser, as one list; and what can be done to them. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { FindingAction } from "../../api/calls";
import type { Finding } from "../../core/types";
import type { Workspace } from "../../data/session";

export class FindingDesk {
  readonly all: ReadonlySignal<readonly Finding[]>;
  private readonly localIds: ReadonlySignal<ReadonlySet<Finding["id"]>>;

  constructor(
    private readonly workspace: Workspace,
    /** What the checks in this browser say about labels that the server has not judged yet. */
    hints: ReadonlySignal<readonly Finding[]>,
  ) {
    this.all = computed(() => [...workspace.store.findings.value, ...hints.value]);
    this.localIds = computed(() => new Set(hints.value.map((finding) => finding.id)));
  }

  /** Said by this browser; the server has not confirmed it. */
  isLocal(finding: Finding): boolean {
    return this.localIds.value.has(finding.id);
  }

  async judge(finding: Finding, action: FindingAction, reason: string): Promise<void> {
    const { calls, store, editor } = this.workspace;
    try {
      const judged = await calls.judgeFinding(finding.id, action, reason);
      store.receiveFindings({ opened: [], updated: [judged], closed: [] });
    } catch (error) {
      const why = error instanceof Error ? error.message : "the server did not answer.";
      editor.notify("warning", `The finding stays as it is: ${why}`);
    }
  }
}

/** Findings from the server and from this browser, as one list; and what can be done to them. */

import type { ReadonlySignal } from "@preact/signals";
import type { FindingAction } from "../../api/calls";
import { isLocal } from "../../checks/raised";
import type { CheckRunner } from "../../checks/runner";
import type { Finding, ObjId } from "../../core/types";
import type { Workspace } from "../../data/session";

export class FindingDesk {
  readonly all: ReadonlySignal<readonly Finding[]>;

  constructor(
    private readonly workspace: Workspace,
    private readonly checks: CheckRunner,
  ) {
    this.all = checks.findings;
  }

  /** Said by this browser; the server has not confirmed it. */
  isLocal(finding: Finding): boolean {
    return isLocal(finding);
  }

  /** What the checks say of an object as the hand has it now. */
  hints(object: ObjId, frame: number): readonly Finding[] {
    return this.checks.hints(object, frame);
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

/** Findings from the server and from this browser, as one list; and what can be done to them. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { FindingAction } from "../../api/calls";
import { isLocal } from "../../checks/raised";
import type { CheckRunner } from "../../checks/runner";
import type { Finding, ObjId } from "../../core/types";
import type { Workspace } from "../../data/session";

export class FindingDesk {
  readonly all: ReadonlySignal<readonly Finding[]>;
  /** Came in after a reviewer opened the task, and not looked at yet. */
  readonly fresh: Signal<ReadonlySet<Finding["id"]>> = signal(new Set());
  private readonly known: Set<Finding["id"]>;
  private readonly stop: () => void;

  constructor(
    private readonly workspace: Workspace,
    private readonly checks: CheckRunner,
  ) {
    this.all = checks.findings;
    this.known = new Set(workspace.store.findings.peek().map(({ id }) => id));
    this.stop = workspace.store.findings.subscribe((findings) => this.hear(findings));
  }

  dispose(): void {
    this.stop();
  }

  looked(finding: Finding): void {
    const fresh = new Set(this.fresh.peek());
    if (fresh.delete(finding.id)) this.fresh.value = fresh;
  }

  /** An annotator's own findings come with every save: only a reviewer is told of new ones. */
  private hear(findings: readonly Finding[]): void {
    const news = findings.filter(({ id, state }) => !this.known.has(id) && state === "open");
    for (const { id } of findings) this.known.add(id);
    if (news.length === 0 || this.workspace.store.mode.peek() !== "review") return;
    this.fresh.value = new Set([...this.fresh.peek(), ...news.map(({ id }) => id)]);
    const text =
      news.length === 1 ? `New: ${news[0]?.message ?? ""}` : `${news.length} new findings.`;
    this.workspace.editor.notify("info", text);
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

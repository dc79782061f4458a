/** The way every edit takes: shown at once, kept in history, handed to the outbox. */

import type { DocumentStore } from "./document";
import { type History, type HistoryStep, MERGE_WITHIN_MS } from "./history";
import { folded, MOST_OPS, newChangeSets, OpMismatch, rebased } from "./ops";
import { computed, type ReadonlySignal, signal } from "./signals";
import type { ChangeSet, Op } from "./types";

/** One gesture: what it is called and what it does. */
export interface Edit {
  /** As undo shows it: "Move cuboid". */
  readonly label: string;
  readonly ops: readonly Op[];
  /** Gestures of one key within half a second are one: "nudge <object>". */
  readonly merge?: string;
}

/** Where finished gestures go; the outbox in the browser. */
export interface ChangeSink {
  /** Resolves once the change set is on disk. */
  append(changeset: ChangeSet): Promise<void>;
  /** Whether a change set waits here and is not on its way yet. */
  canAmend(id: string): boolean;
  /** Puts a change set in the place of the waiting one with its id. */
  amend(changeset: ChangeSet): Promise<void>;
}

export interface Notice {
  readonly id: number;
  readonly kind: "info" | "warning";
  readonly text: string;
}

export const NOTHING_TO_UNDO = "There is nothing to undo.";
export const NOTHING_TO_REDO = "There is nothing to redo.";
export const READ_ONLY = "These labels are read-only here: nothing was changed.";
const MOST_NOTICES = 20;

interface Recent {
  readonly changeset: ChangeSet;
  readonly merge: string;
  readonly made_ms: number;
}

export interface EditorParts {
  readonly store: DocumentStore;
  readonly history: History;
  readonly sink: ChangeSink;
  /** False while another tab holds the pen or the lease is lost. */
  readonly writable?: ReadonlySignal<boolean>;
  readonly now_ms?: () => number;
}

export class Editor {
  readonly store: DocumentStore;
  readonly history: History;
  readonly canEdit: ReadonlySignal<boolean>;
  private readonly sink: ChangeSink;
  private readonly now_ms: () => number;
  private readonly noticesSignal = signal<readonly Notice[]>([]);
  private recent: Recent | null = null;
  private noticeCount = 0;

  constructor({ store, history, sink, writable, now_ms = Date.now }: EditorParts) {
    this.store = store;
    this.history = history;
    this.sink = sink;
    this.now_ms = now_ms;
    this.canEdit = computed(
      () => store.mode.value !== "view" && (writable === undefined || writable.value),
    );
    store.onChange(({ source, footprints }) => {
      if (source === "theirs") history.overwrite(footprints);
    });
  }

  /** Short messages for a toast, newest last. */
  get notices(): ReadonlySignal<readonly Notice[]> {
    return this.noticesSignal;
  }

  notify(kind: Notice["kind"], text: string): void {
    this.noticeCount += 1;
    const notice = { id: this.noticeCount, kind, text };
    this.noticesSignal.value = [...this.noticesSignal.peek(), notice].slice(-MOST_NOTICES);
  }

  /** Shows a gesture while the hand still moves. */
  preview(ops: readonly Op[]): void {
    if (this.canEdit.peek()) this.store.preview(ops);
  }

  cancelPreview(): void {
    this.store.clearPreview();
  }

  /** Makes the gesture. The document changes at once; the promise resolves when it is safe on disk. */
  async commit(edit: Edit): Promise<void> {
    this.store.clearPreview();
    if (edit.ops.length === 0 || !this.mayEdit()) return;
    const ops = this.fitted(edit);
    if (ops.length === 0) return;
    const now = this.now_ms();
    const merge = edit.merge ?? null;
    const joined = this.joined(merge, now, ops);
    this.history.record(edit.label, ops, merge, now);
    if (!joined) return this.append(edit.label, ops, merge);
    this.store.add(joined);
    this.remember(joined, merge);
    return this.sink.amend(joined);
  }

  async undo(): Promise<void> {
    if (this.mayEdit()) await this.step(this.history.undo(), NOTHING_TO_UNDO);
  }

  async redo(): Promise<void> {
    if (this.mayEdit()) await this.step(this.history.redo(), NOTHING_TO_REDO);
  }

  private mayEdit(): boolean {
    if (this.canEdit.peek()) return true;
    this.notify("warning", READ_ONLY);
    return false;
  }

  /** The operations as they fit what is there now, in as few as do it; none when they no longer fit. */
  private fitted({ label, ops }: Edit): readonly Op[] {
    try {
      return folded(rebased(this.store.committed.peek(), ops));
    } catch (error) {
      if (!(error instanceof OpMismatch)) throw error;
      this.notify("warning", `${label}: not possible any more, ${error.message}.`);
      return [];
    }
  }

  /** The last change set with this gesture in it, when it goes on with it and still waits. */
  private joined(merge: string | null, now_ms: number, ops: readonly Op[]): ChangeSet | null {
    const recent = this.recent;
    if (recent?.merge !== merge || now_ms - recent.made_ms > MERGE_WITHIN_MS) return null;
    if (!this.sink.canAmend(recent.changeset.id)) return null;
    const both = folded([...recent.changeset.ops, ...ops]);
    const fits = both.length > 0 && both.length <= MOST_OPS;
    return fits ? { ...recent.changeset, ops: both } : null;
  }

  private remember(changeset: ChangeSet | undefined, merge: string | null): void {
    this.recent =
      changeset && merge !== null ? { changeset, merge, made_ms: this.now_ms() } : null;
  }

  private async append(label: string, ops: readonly Op[], merge: string | null): Promise<void> {
    const changesets = newChangeSets(label, ops);
    for (const changeset of changesets) this.store.add(changeset);
    this.remember(changesets.at(-1), merge);
    await Promise.all(changesets.map((changeset) => this.sink.append(changeset)));
  }

  private async step(step: HistoryStep | null, nothing: string): Promise<void> {
    this.recent = null;
    this.store.clearPreview();
    if (!step) {
      this.notify("info", nothing);
      return;
    }
    for (const label of step.skipped) {
      this.notify("warning", `"${label}" was left out: somebody else has changed it since.`);
    }
    const ops = this.fitted(step);
    if (ops.length > 0) await this.append(step.label, ops, null);
  }
}

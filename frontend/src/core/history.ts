/** Undo and redo of this person's own gestures: data, not closures, so that it survives a reload. */

import { anyMeet, type Footprint, footprintsOf } from "./footprint";
import { folded, invertedAll } from "./ops";
import { type ReadonlySignal, signal } from "./signals";
import type { Op } from "./types";

export const MOST_ENTRIES = 500;
/** Gestures with one merge key within this time are one entry. */
export const MERGE_WITHIN_MS = 500;

export interface HistoryEntry {
  readonly label: string;
  readonly ops: readonly Op[];
  readonly merge: string | null;
  readonly made_ms: number;
  /** Somebody else has changed the same thing since: taking it back would take back theirs. */
  readonly overwritten: boolean;
}

export interface HistorySnapshot {
  readonly done: readonly HistoryEntry[];
  readonly undone: readonly HistoryEntry[];
}

/** What taking back (or making again) one entry means: its operations, and the labels of entries that had to be left out. */
export interface HistoryStep {
  readonly label: string;
  readonly ops: readonly Op[];
  readonly skipped: readonly string[];
}

const EMPTY: HistorySnapshot = { done: [], undone: [] };

export class History {
  private readonly state = signal<HistorySnapshot>(EMPTY);

  /** For saving and for showing what undo would take back. */
  get snapshot(): ReadonlySignal<HistorySnapshot> {
    return this.state;
  }

  restore(snapshot: HistorySnapshot): void {
    this.state.value = snapshot;
  }

  /** Adds a gesture; a recent one with the same merge key takes it in. */
  record(label: string, ops: readonly Op[], merge: string | null, now_ms: number): void {
    const { done } = this.state.peek();
    const last = done.at(-1);
    const joins =
      last !== undefined &&
      merge !== null &&
      last.merge === merge &&
      !last.overwritten &&
      now_ms - last.made_ms <= MERGE_WITHIN_MS;
    const entry: HistoryEntry = {
      label,
      ops: joins ? folded([...last.ops, ...ops]) : ops,
      merge,
      made_ms: now_ms,
      overwritten: false,
    };
    const kept = joins ? done.slice(0, -1) : done;
    this.state.value = { done: [...kept, entry].slice(-MOST_ENTRIES), undone: [] };
  }

  /** Others changed these: entries that meet them can no longer be taken back. */
  overwrite(theirs: readonly Footprint[]): void {
    const marked = (entries: readonly HistoryEntry[]) =>
      entries.map((entry) =>
        anyMeet(footprintsOf(entry.ops), theirs) ? { ...entry, overwritten: true } : entry,
      );
    const { done, undone } = this.state.peek();
    this.state.value = { done: marked(done), undone: marked(undone) };
  }

  /** The newest gesture that can be taken back moves to the undone ones; null when there is none. */
  undo(): HistoryStep | null {
    const { done, undone } = this.state.peek();
    const [entry, rest, skipped] = lastUsable(done);
    this.state.value = { done: rest, undone: entry ? [...undone, entry] : undone };
    if (!entry) return skipped.length > 0 ? { label: "", ops: [], skipped } : null;
    return { label: `Undo ${lowered(entry.label)}`, ops: invertedAll(entry.ops), skipped };
  }

  redo(): HistoryStep | null {
    const { done, undone } = this.state.peek();
    const [entry, rest, skipped] = lastUsable(undone);
    this.state.value = { done: entry ? [...done, entry] : done, undone: rest };
    if (!entry) return skipped.length > 0 ? { label: "", ops: [], skipped } : null;
    return { label: `Redo ${lowered(entry.label)}`, ops: entry.ops, skipped };
  }
}

function lastUsable(
  entries: readonly HistoryEntry[],
): readonly [HistoryEntry | null, readonly HistoryEntry[], readonly string[]] {
  const index = entries.findLastIndex((entry) => !entry.overwritten);
  const skipped = entries.slice(index + 1).map((entry) => entry.label);
  return [entries[index] ?? null, entries.slice(0, Math.max(index, 0)), skipped];
}

function lowered(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

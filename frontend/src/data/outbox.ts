/** Gestures on disk until the server has them, in the order in which they were made. */

import type { ChangeSet } from "../core/types";
import type { OutboxRow, Shelf } from "./shelf";

function rangeOf(task_id: number): IDBKeyRange {
  return IDBKeyRange.bound(
    [task_id, Number.NEGATIVE_INFINITY],
    [task_id, Number.POSITIVE_INFINITY],
  );
}

export class Outbox {
  /** The same rows as on disk, oldest first; none in a tab that may not write. */
  private rows: readonly OutboxRow[] = [];
  private lastSeq = 0;

  constructor(
    private readonly shelf: Shelf,
    readonly task_id: number,
  ) {}

  /** Takes up what is on disk: only for the one tab that may write. */
  async load(): Promise<void> {
    this.rows = await this.shelf.getAll("outbox", rangeOf(this.task_id));
    this.lastSeq = this.rows.at(-1)?.seq ?? 0;
  }

  /** Another tab writes now: what is on disk is its own. */
  forget(): void {
    this.rows = [];
  }

  get changesets(): readonly ChangeSet[] {
    return this.rows.map((row) => row.changeset);
  }

  get size(): number {
    return this.rows.length;
  }

  /** The oldest that wait, as many as fit into one save. */
  batch(mostOps: number): readonly ChangeSet[] {
    const found: ChangeSet[] = [];
    let ops = 0;
    for (const { changeset } of this.rows) {
      ops += changeset.ops.length;
      if (found.length > 0 && ops > mostOps) break;
      found.push(changeset);
    }
    return found;
  }

  /** The lease under which the oldest gesture was made; null when there is none. */
  get lease_token(): number | null {
    return this.rows[0]?.lease_token ?? null;
  }

  has(id: string): boolean {
    return this.rows.some((row) => row.changeset.id === id);
  }

  /** Resolves once the gesture is on disk. */
  async append(changeset: ChangeSet, lease_token: number): Promise<void> {
    this.lastSeq += 1;
    const row = { task_id: this.task_id, seq: this.lastSeq, lease_token, changeset };
    this.rows = [...this.rows, row];
    await this.shelf.put("outbox", row);
  }

  /** A waiting gesture in another form; does nothing when it is gone. */
  async amend(changeset: ChangeSet): Promise<void> {
    const index = this.rows.findIndex((row) => row.changeset.id === changeset.id);
    const row = this.rows[index];
    if (!row) return;
    const amended = { ...row, changeset };
    this.rows = this.rows.with(index, amended);
    await this.shelf.put("outbox", amended);
  }

  /** The server has them, or they went elsewhere. */
  async remove(ids: ReadonlySet<string>): Promise<void> {
    const gone = this.rows.filter((row) => ids.has(row.changeset.id));
    if (gone.length === 0) return;
    this.rows = this.rows.filter((row) => !ids.has(row.changeset.id));
    const write = this.shelf.transaction("outbox", "readwrite");
    await Promise.all([
      ...gone.map((row) => write.store.delete([row.task_id, row.seq])),
      write.done,
    ]);
  }

  /** Each waiting gesture as it is after a rebase; those that are not among them go. */
  async rewrite(changesets: readonly ChangeSet[]): Promise<void> {
    const byId = new Map(changesets.map((each) => [each.id, each]));
    const gone = this.rows.filter((row) => !byId.has(row.changeset.id));
    const kept = this.rows.flatMap((row) => {
      const changeset = byId.get(row.changeset.id);
      return changeset ? [{ ...row, changeset }] : [];
    });
    this.rows = kept;
    const write = this.shelf.transaction("outbox", "readwrite");
    await Promise.all([
      ...gone.map((row) => write.store.delete([row.task_id, row.seq])),
      ...kept.map((row) => write.store.put(row)),
      write.done,
    ]);
  }
}

/** What survives a reload: one IndexedDB database for all tasks. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { ConflictCard } from "../core/conflicts";
import type { HistorySnapshot } from "../core/history";
import type { ChangeSet } from "../core/types";

/** A change set on its way to the server. */
export interface OutboxRow {
  readonly task_id: number;
  /** Order in which gestures were made. */
  readonly seq: number;
  readonly lease_token: number;
  readonly changeset: ChangeSet;
}

/** A change set that the server will never take; kept so that nothing is lost in silence. */
export interface RefusedRow {
  readonly id: string;
  readonly task_id: number;
  readonly why: string;
  readonly changeset: ChangeSet;
}

interface Schema extends DBSchema {
  outbox: { key: [number, number]; value: OutboxRow };
  refused: { key: string; value: RefusedRow; indexes: { task: number } };
  cards: { key: number; value: readonly ConflictCard[] };
  history: { key: number; value: HistorySnapshot };
  settings: { key: string; value: unknown };
  spans: { key: number; value: unknown };
}

export type Shelf = IDBPDatabase<Schema>;

export const SHELF_NAME = "concord-workspace";

export function openShelf(name: string = SHELF_NAME): Promise<Shelf> {
  return openDB<Schema>(name, 1, {
    upgrade(shelf) {
      shelf.createObjectStore("outbox", { keyPath: ["task_id", "seq"] });
      shelf.createObjectStore("refused", { keyPath: "id" }).createIndex("task", "task_id");
      shelf.createObjectStore("cards");
      shelf.createObjectStore("history");
      shelf.createObjectStore("settings");
      shelf.createObjectStore("spans", { autoIncrement: true });
    },
  });
}

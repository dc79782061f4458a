/** What this browser remembers of an upload, so that it goes on after the page was closed. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

export interface KeptBatch {
  readonly project: number;
  readonly batch: string;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
}

export interface KeptFile {
  /** Project and fingerprint. */
  readonly key: string;
  readonly project: number;
  readonly url: string;
  readonly done: boolean;
}

interface UploadsSchema extends DBSchema {
  batches: { key: number; value: KeptBatch };
  files: { key: string; value: KeptFile; indexes: { project: number } };
}

/** The memory of one project's upload. */
export class Memory {
  private constructor(
    private readonly db: IDBPDatabase<UploadsSchema>,
    private readonly project: number,
  ) {}

  static async open(project: number): Promise<Memory> {
    const db = await openDB<UploadsSchema>("concord-uploads", 1, {
      upgrade(fresh) {
        fresh.createObjectStore("batches", { keyPath: "project" });
        const files = fresh.createObjectStore("files", { keyPath: "key" });
        files.createIndex("project", "project");
      },
    });
    return new Memory(db, project);
  }

  /** The upload that was begun and not imported yet. */
  async batch(): Promise<KeptBatch | undefined> {
    return this.db.get("batches", this.project);
  }

  async keepBatch(batch: KeptBatch): Promise<void> {
    await this.db.put("batches", batch);
  }

  async file(fingerprint: string): Promise<KeptFile | undefined> {
    return this.db.get("files", this.key(fingerprint));
  }

  async keepFile(fingerprint: string, url: string, done: boolean): Promise<void> {
    await this.db.put("files", { key: this.key(fingerprint), project: this.project, url, done });
  }

  /** How many files have arrived in full. */
  async doneCount(): Promise<number> {
    const files = await this.db.getAllFromIndex("files", "project", this.project);
    return files.filter((file) => file.done).length;
  }

  /** Forget the upload: it is imported, or given up. */
  async forget(): Promise<void> {
    const change = this.db.transaction(["batches", "files"], "readwrite");
    await change.objectStore("batches").delete(this.project);
    const files = change.objectStore("files");
    for (const key of await files.index("project").getAllKeys(this.project)) {
      await files.delete(key);
    }
    await change.done;
  }

  close(): void {
    this.db.close();
  }

  private key(fingerprint: string): string {
    return `${this.project}|${fingerprint}`;
  }
}

/** Sends many files, a few at a time; can pause, go on, and say how far it is. */

import type { ChosenFile } from "./files";

/** How one file is being sent. */
export interface Sending {
  /** Ends when the file is there; is refused when it cannot be sent, or when it was stopped. */
  readonly finished: Promise<void>;
  stop(): void;
}

export type Send = (file: ChosenFile, onBytes: (sent: number) => void) => Sending;

export interface QueueProgress {
  readonly doneFiles: number;
  readonly totalFiles: number;
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly current: string;
}

export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "paused" }
  | { readonly kind: "failed"; readonly file: string; readonly reason: string };

const AT_ONCE = 3;

/** The files of one upload. */
export class Queue {
  private readonly bytes = new Map<string, number>();
  private readonly running = new Map<string, Sending>();
  private readonly waiting: ChosenFile[];
  private done = 0;
  private failure: Outcome | null = null;
  private isPaused = false;

  constructor(
    private readonly files: readonly ChosenFile[],
    private readonly send: Send,
    private readonly onProgress: (progress: QueueProgress) => void,
  ) {
    this.waiting = [...files];
  }

  /** Send all that is still missing; ends when it is there, paused, or failed. */
  async run(): Promise<Outcome> {
    this.isPaused = false;
    this.failure = null;
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.work()));
    if (this.failure !== null) return this.failure;
    return this.isPaused ? { kind: "paused" } : { kind: "done" };
  }

  /** Stop sending; what has arrived counts. */
  pause(): void {
    this.isPaused = true;
    for (const sending of this.running.values()) sending.stop();
  }

  progress(): QueueProgress {
    let sentBytes = 0;
    for (const bytes of this.bytes.values()) sentBytes += bytes;
    return {
      doneFiles: this.done,
      totalFiles: this.files.length,
      sentBytes,
      totalBytes: this.files.reduce((sum, one) => sum + one.file.size, 0),
      current: [...this.running.keys()][0] ?? "",
    };
  }

  private async work(): Promise<void> {
    while (!this.isPaused && this.failure === null) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      await this.sendOne(next);
    }
  }

  private async sendOne(one: ChosenFile): Promise<void> {
    const sending = this.send(one, (sent) => {
      this.bytes.set(one.path, sent);
      this.onProgress(this.progress());
    });
    this.running.set(one.path, sending);
    try {
      await sending.finished;
      this.bytes.set(one.path, one.file.size);
      this.done += 1;
    } catch (error) {
      this.waiting.unshift(one);
      if (!this.isPaused) {
        const reason = error instanceof Error ? error.message : String(error);
        this.failure ??= { kind: "failed", file: one.path, reason };
      }
    } finally {
      this.running.delete(one.path);
      this.onProgress(this.progress());
    }
  }
}

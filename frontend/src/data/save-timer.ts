/** When to save: after a quiet moment, but not later than a while after the first gesture. */

export interface Timers {
  readonly set: (run: () => void, ms: number) => number;
  readonly clear: (id: number) => void;
  readonly now_ms: () => number;
  readonly random: () => number;
}

export const QUIET_MS = 300;
export const LONGEST_WAIT_MS = 2000;

export class SaveTimer {
  private timer: number | null = null;
  private firstWaiting_ms: number | null = null;

  constructor(
    private readonly timers: Timers,
    private readonly run: () => void,
  ) {}

  get isSet(): boolean {
    return this.timer !== null;
  }

  /** A gesture was made: waits for quiet, as long as the first one can wait. */
  nudge(): void {
    const now = this.timers.now_ms();
    this.firstWaiting_ms ??= now;
    const patience_ms = Math.max(this.firstWaiting_ms + LONGEST_WAIT_MS - now, 0);
    this.after(Math.min(QUIET_MS, patience_ms));
  }

  after(ms: number): void {
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = this.timers.set(() => {
      this.timer = null;
      this.run();
    }, ms);
  }

  cancel(): void {
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = null;
    this.firstWaiting_ms = null;
  }
}

/** One pen a task: the tab that has it may write, another may take it over. */

import { type ReadonlySignal, type Signal, signal } from "../core/signals";

/** What of navigator.locks this needs. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly steal?: boolean },
    hold: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

export class TabPen {
  /** Whether this tab may write. */
  readonly held: ReadonlySignal<boolean>;
  private readonly heldSignal: Signal<boolean> = signal(false);
  private letGo: (() => void) | null = null;

  constructor(
    private readonly locks: Locks,
    private readonly name: string,
  ) {
    this.held = this.heldSignal;
  }

  /** Takes the pen if no other tab has it; says whether it did. */
  take(): Promise<boolean> {
    return this.request({ ifAvailable: true });
  }

  /** Takes the pen from whatever tab has it; that one becomes read-only. */
  takeOver(): Promise<boolean> {
    return this.request({ steal: true });
  }

  release(): void {
    this.letGo?.();
  }

  private request(options: { ifAvailable?: boolean; steal?: boolean }): Promise<boolean> {
    return new Promise((resolve) => {
      const hold = (lock: unknown) => {
        this.heldSignal.value = lock !== null;
        resolve(lock !== null);
        if (lock === null) return undefined;
        return new Promise<void>((released) => {
          this.letGo = released;
        });
      };
      const ended = () => {
        this.heldSignal.value = false;
        this.letGo = null;
      };
      // Rejects when another tab takes it over.
      this.locks.request(this.name, options, hold).then(
        () => {
          if (this.letGo) ended();
        },
        () => {
          ended();
          resolve(false);
        },
      );
    });
  }
}

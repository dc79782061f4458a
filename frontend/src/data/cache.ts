/** Things in memory under a budget; what is furthest from the present goes first. */

export interface Held<T> {
  readonly value: T;
  readonly bytes: number;
  /** The frame that it belongs to. */
  readonly frame: number;
}

export class BudgetCache<T> {
  private readonly held = new Map<string, Held<T>>();
  private total = 0;

  constructor(
    private readonly budget_bytes: number,
    private readonly dispose: (value: T) => void = () => undefined,
  ) {}

  get bytes(): number {
    return this.total;
  }

  get size(): number {
    return this.held.size;
  }

  get(key: string): T | null {
    return this.held.get(key)?.value ?? null;
  }

  /** Keeps a value, and lets go of those furthest from the present frame until the budget holds. */
  put(key: string, held: Held<T>, present: number): void {
    this.remove(key);
    this.held.set(key, held);
    this.total += held.bytes;
    const byDistance = [...this.held].sort(
      ([, a], [, b]) => Math.abs(b.frame - present) - Math.abs(a.frame - present),
    );
    for (const [other] of byDistance) {
      if (this.total <= this.budget_bytes) return;
      if (other !== key) this.remove(other);
    }
  }

  remove(key: string): void {
    const held = this.held.get(key);
    if (!held) return;
    this.held.delete(key);
    this.total -= held.bytes;
    this.dispose(held.value);
  }
}

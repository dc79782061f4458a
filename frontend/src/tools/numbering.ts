/** Short numbers for objects, as people say them; an object keeps its number while the page is open. */

import type { ObjId } from "../core/types";

export class Numbering {
  private readonly numbers = new Map<ObjId, number>();

  of(id: ObjId): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    const fresh = this.numbers.size + 1;
    this.numbers.set(id, fresh);
    return fresh;
  }

  /** Takes a list in order, so that the numbers follow it. */
  learn(ids: Iterable<ObjId>): void {
    for (const id of ids) this.of(id);
  }

  find(number: number): ObjId | null {
    for (const [id, known] of this.numbers) if (known === number) return id;
    return null;
  }
}

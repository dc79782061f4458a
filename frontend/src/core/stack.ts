/** Change sets put on top of one another, those that do not fit left out and named. */

import { applied, type Objects, OpMismatch, rebased } from "./ops";
import type { ChangeSet } from "./types";

/** A change set that could not be put on top of what was there. */
export interface Unapplied {
  readonly changeset: ChangeSet;
  readonly why: string;
}

export interface Stacked {
  readonly objects: Objects;
  readonly unapplied: readonly Unapplied[];
}

export function stacked(base: Objects, changesets: readonly ChangeSet[]): Stacked {
  const unapplied: Unapplied[] = [];
  let objects = base;
  for (const changeset of changesets) {
    try {
      objects = applied(objects, rebased(objects, changeset.ops));
    } catch (error) {
      if (!(error instanceof OpMismatch)) throw error;
      unapplied.push({ changeset, why: error.message });
    }
  }
  return { objects, unapplied };
}

/** Edits that could not be saved as they were: on cards until somebody decides, or kept with the reason. */

import type { Invalid } from "../api/problems";
import type { ConflictCard } from "../core/conflicts";
import { type ReadonlySignal, type Signal, signal } from "../core/signals";
import type { ChangeSet } from "../core/types";
import type { Shelf } from "./shelf";

export class Aside {
  readonly cards: ReadonlySignal<readonly ConflictCard[]>;
  private readonly cardsSignal: Signal<readonly ConflictCard[]> = signal([]);

  constructor(
    private readonly shelf: Shelf,
    private readonly task_id: number,
  ) {
    this.cards = this.cardsSignal;
  }

  /** Cards that nobody has decided in an earlier tab. */
  async load(): Promise<void> {
    this.cardsSignal.value = (await this.shelf.get("cards", this.task_id)) ?? [];
  }

  async addCards(cards: readonly ConflictCard[]): Promise<void> {
    if (cards.length > 0) await this.keep([...this.cardsSignal.peek(), ...cards]);
  }

  async removeCard({ id }: ConflictCard): Promise<void> {
    await this.keep(this.cardsSignal.peek().filter((each) => each.id !== id));
  }

  /** What the server will never take, with what it said. */
  async keepRefused(changesets: readonly ChangeSet[], why: string): Promise<void> {
    const { task_id } = this;
    for (const changeset of changesets) {
      await this.shelf.put("refused", { id: changeset.id, task_id, why, changeset });
    }
  }

  private async keep(cards: readonly ConflictCard[]): Promise<void> {
    this.cardsSignal.value = cards;
    await this.shelf.put("cards", cards, this.task_id);
  }
}

/** The change sets that the server's fields name ("changesets[0].ops[1].…"); all of them when it names none. */
export function refusedOf(error: Invalid, batch: readonly ChangeSet[]): readonly ChangeSet[] {
  const named = Object.keys(error.problem.fields ?? {}).flatMap((path) => {
    const index = /^changesets\[(\d+)\]/.exec(path)?.[1];
    const changeset = index === undefined ? undefined : batch[Number(index)];
    return changeset ? [changeset] : [];
  });
  return named.length > 0 ? [...new Set(named)] : batch;
}

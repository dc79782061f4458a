/** Others' work goes below what is not sent yet; what of mine meets it goes on cards. */

import { partedFrom } from "../core/conflicts";
import type { DocumentStore } from "../core/document";
import { newId } from "../core/ops";
import type { CommittedChangeSet, Op } from "../core/types";
import type { Aside } from "./aside";
import type { Outbox } from "./outbox";

export interface Below {
  /** Saved up to `version`; some of mine may be among it, when an answer got lost. */
  readonly saved: readonly CommittedChangeSet[];
  readonly version: number;
  /** What else the server says mine is in conflict with. */
  readonly named?: readonly Op[];
}

export interface Places {
  readonly store: DocumentStore;
  readonly outbox: Outbox;
  readonly aside: Aside;
}

export async function putBelow(
  { store, outbox, aside }: Places,
  { saved, version, named = [] }: Below,
): Promise<void> {
  const waiting = new Set(outbox.changesets.map((each) => each.id));
  const foreign = saved.filter((each) => !waiting.has(each.id));
  await outbox.remove(new Set(saved.map((each) => each.id)));
  const against = [...foreign, { id: newId(), label: "", made_at: "", ops: named }];
  const { kept, cards } = partedFrom(outbox.changesets, against);
  if (saved.length === 0 && cards.length === 0) return;
  store.rebaseOnto(saved, version, kept);
  await outbox.rewrite(kept);
  await aside.addCards(cards);
}

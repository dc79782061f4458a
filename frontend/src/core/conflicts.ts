/** When two people changed the same thing: theirs stands, mine waits on a card until somebody decides. */

import { type Footprint, footprintOf, meets } from "./footprint";
import { inverted, newId, type Objects } from "./ops";
import type { ChangeSet, LabelledObject, ObjId, Op } from "./types";

export interface ConflictCard {
  readonly id: string;
  /** What I had called my gesture. */
  readonly label: string;
  readonly obj: ObjId;
  readonly mine: readonly Op[];
  readonly theirs: readonly Op[];
}

export type Choice = "mine" | "theirs" | "both";

export interface Parted {
  /** What of mine stays, change sets without an operation left gone. */
  readonly kept: readonly ChangeSet[];
  /** Change sets that lost all of their operations. */
  readonly emptied: readonly string[];
  readonly cards: readonly ConflictCard[];
}

function isWhole(op: Op): boolean {
  return op.k === "obj.add" || op.k === "obj.del";
}

/** What is decided together: a whole object when one side made or deleted it, else one key or the object's own fields. */
function placeOf(mine: Op, theirs: readonly Op[]): string {
  if (isWhole(mine) || theirs.some(isWhole)) return mine.obj;
  const { obj, stream, at_ns } = footprintOf(mine);
  return `${obj} ${stream} ${at_ns}`;
}

/** Takes from what is not sent yet all that meets what others saved. */
export function partedFrom(pending: readonly ChangeSet[], saved: readonly ChangeSet[]): Parted {
  const own = new Set(pending.map((each) => each.id));
  const theirs = saved
    .filter((each) => !own.has(each.id))
    .flatMap((each) => each.ops)
    .map((op) => ({ op, footprint: footprintOf(op) }));
  const cards = new Map<string, ConflictCard>();
  const kept = pending.map((changeset) => ({
    ...changeset,
    ops: changeset.ops.filter((op) => {
      const met = meeting(footprintOf(op), theirs);
      if (met.length > 0) addToCard(cards, changeset.label, op, met);
      return met.length === 0;
    }),
  }));
  return {
    kept: kept.filter((each) => each.ops.length > 0),
    emptied: kept.filter((each) => each.ops.length === 0).map((each) => each.id),
    cards: [...cards.values()],
  };
}

function meeting(
  footprint: Footprint,
  theirs: readonly { readonly op: Op; readonly footprint: Footprint }[],
): readonly Op[] {
  return theirs.filter((each) => meets(footprint, each.footprint)).map(({ op }) => op);
}

function addToCard(
  cards: Map<string, ConflictCard>,
  label: string,
  mine: Op,
  theirs: readonly Op[],
): void {
  const place = placeOf(mine, theirs);
  const card = cards.get(place) ?? { id: newId(), label, obj: mine.obj, mine: [], theirs: [] };
  cards.set(place, {
    ...card,
    mine: [...card.mine, mine],
    theirs: [...card.theirs, ...theirs.filter((op) => !card.theirs.includes(op))],
  });
}

/** What a decision does to the objects as they are now: nothing for theirs; for both, mine becomes an object of its own. */
export function resolution(card: ConflictCard, choice: Choice, objects: Objects): readonly Op[] {
  if (choice === "theirs") return [];
  const object = objects.get(card.obj);
  if (choice === "both" && object) return copyOfMine(card, object);
  return [...(object ? [] : revived(card)), ...card.mine];
}

function revived(card: ConflictCard): readonly Op[] {
  const deletion = card.theirs.findLast((op) => op.k === "obj.del");
  return deletion ? inverted(deletion) : [];
}

function copyOfMine(
  card: ConflictCard,
  { id: _id, streams: _streams, ...fields }: LabelledObject,
): readonly Op[] {
  const obj = newId();
  const keys = card.mine.flatMap((op): readonly Op[] =>
    op.k === "key.put" ? [{ ...op, obj, prev: null }] : [],
  );
  return keys.length > 0 ? [{ k: "obj.add", obj, next: fields }, ...keys] : card.mine;
}

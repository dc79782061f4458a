/** Somebody else changed the same thing: theirs stands until you say what becomes of yours. */

import type { ConflictCard as Card, Choice } from "../../core/conflicts";
import type { Op } from "../../core/types";
import type { Workspace } from "../../data/session";
import { useDesk } from "../../views/desk";
import { clockText } from "../frame-bar/clock-text";

const CHOICES: readonly (readonly [Choice, string, string])[] = [
  ["mine", "Keep mine", "Your change is made again on top of theirs"],
  ["theirs", "Keep theirs", "Your change is let go"],
  ["both", "Keep both", "Your change becomes an object of its own"],
];

function said(op: Op): string {
  switch (op.k) {
    case "obj.add":
      return "made the object";
    case "obj.del":
      return "deleted the object";
    case "obj.set":
      return `set ${Object.keys(op.next).join(", ").replace("size_locked", "size lock")}`;
    case "key.put":
      return `moved it at ${clockText(op.at_ns)}`;
    case "key.del":
      return `removed the keyframe at ${clockText(op.at_ns)}`;
  }
}

export function ConflictCards({ workspace }: { readonly workspace: Workspace }) {
  const cards = workspace.sync.cards.value;
  if (cards.length === 0) return null;
  return (
    <section class="conflicts" aria-label="Conflicts" aria-live="polite">
      {cards.map((card) => (
        <ConflictCard key={card.id} card={card} workspace={workspace} />
      ))}
    </section>
  );
}

function ConflictCard({
  card,
  workspace,
}: {
  readonly card: Card;
  readonly workspace: Workspace;
}) {
  const { bench, boxes, numbering } = useDesk();
  const object = bench.store.objects.value.get(card.obj);
  const name = object ? boxes.textOf(object) : `#${numbering.of(card.obj)}`;
  return (
    <article class="conflict-card">
      <h2>{name}: two people changed it</h2>
      <dl>
        <dt>You</dt>
        <dd>{card.mine.map(said).join("; ")}</dd>
        <dt>They</dt>
        <dd>{card.theirs.map(said).join("; ")}</dd>
      </dl>
      <footer>
        {object && (
          <button type="button" class="link" onClick={() => bench.selection.select(card.obj)}>
            Show
          </button>
        )}
        <span class="spring" />
        {CHOICES.map(([choice, text, meaning]) => (
          <button
            key={choice}
            type="button"
            class="small"
            title={meaning}
            onClick={() => void workspace.sync.resolve(card, choice, bench.editor)}
          >
            {text}
          </button>
        ))}
      </footer>
    </article>
  );
}

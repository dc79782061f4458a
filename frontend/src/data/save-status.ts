/** How saving stands. */

/** For the chip in the title bar. */
export type SaveStatus =
  | { readonly kind: "saved"; readonly version: number }
  | { readonly kind: "saving"; readonly waiting: number }
  | { readonly kind: "offline"; readonly waiting: number }
  | { readonly kind: "signed-out"; readonly waiting: number }
  | { readonly kind: "conflict"; readonly cards: number }
  /** The edits were kept as drafts; the labels are read-only from here. */
  | { readonly kind: "lost-lease"; readonly reason: string; readonly drafts: number };

/** What stands in the way of saving. */
export type Trouble =
  | { readonly kind: "none" }
  | { readonly kind: "offline" }
  | { readonly kind: "signed-out" }
  | { readonly kind: "lost"; readonly reason: string };

export const NO_TROUBLE: Trouble = { kind: "none" };

export interface Standing {
  readonly trouble: Trouble;
  /** Gestures that the server does not have yet. */
  readonly waiting: number;
  readonly cards: number;
  readonly drafts: number;
  readonly version: number;
}

export function statusOf({ trouble, waiting, cards, drafts, version }: Standing): SaveStatus {
  if (trouble.kind === "lost") return { kind: "lost-lease", reason: trouble.reason, drafts };
  if (trouble.kind !== "none") return { kind: trouble.kind, waiting };
  if (waiting > 0) return { kind: "saving", waiting };
  return cards > 0 ? { kind: "conflict", cards } : { kind: "saved", version };
}

/** What of the page is open: dialogs, cards, questions. Nothing of it is a label. */

import { type Signal, signal } from "@preact/signals";
import type { Screen } from "../views/lens";

/** A question that wants a reason before a gesture is made; null as answer gives it up. */
export interface ReasonQuestion {
  readonly title: string;
  readonly reasons: readonly string[];
  /** Where on the page to ask; in the middle when left out. */
  readonly place: Screen | null;
  readonly answer: (reason: string | null) => void;
}

export type PanelTab = "objects" | "findings" | "review";

export class Chrome {
  readonly help: Signal<boolean> = signal(false);
  readonly palette: Signal<boolean> = signal(false);
  /** The number of the guideline's clause that is shown. */
  readonly clause: Signal<string | null> = signal(null);
  readonly question: Signal<ReasonQuestion | null> = signal(null);
  readonly tab: Signal<PanelTab> = signal("objects");
  /** The finding that Enter mends and ; dismisses. */
  readonly finding: Signal<number | string | null> = signal(null);
  readonly query: Signal<string> = signal("");
  /** Counts up to ask for the focus in the query field. */
  readonly queryFocus: Signal<number> = signal(0);
  readonly deciding: Signal<"submit" | "accept" | "return" | null> = signal(null);

  /** Asks for a reason; resolves with null when it is given up. */
  ask(
    title: string,
    reasons: readonly string[],
    place: Screen | null = null,
  ): Promise<string | null> {
    this.question.peek()?.answer(null);
    return new Promise((resolve) => {
      this.question.value = {
        title,
        reasons,
        place,
        answer: (reason) => {
          this.question.value = null;
          resolve(reason);
        },
      };
    });
  }

  /** Closes what is open on top; says whether anything was. */
  closeTop(): boolean {
    if (this.question.peek()) this.question.peek()?.answer(null);
    else if (this.palette.peek()) this.palette.value = false;
    else if (this.help.peek()) this.help.value = false;
    else if (this.clause.peek()) this.clause.value = null;
    else if (this.deciding.peek()) this.deciding.value = null;
    else return false;
    return true;
  }
}

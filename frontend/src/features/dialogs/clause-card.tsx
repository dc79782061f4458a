/** A clause of the guideline, beside the work. */

import { useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";

export function ClauseCard({ chrome }: { readonly chrome: Chrome }) {
  const { bench } = useDesk();
  const number = chrome.clause.value;
  if (!number) return null;
  const { guideline } = bench.scene.manifest;
  const clause = guideline.clauses.find((each) => each.number === number);
  return (
    <aside class="clause-card" aria-label={`Guideline clause ${number}`}>
      <header>
        <h2>
          {number} {clause?.title ?? "is not in this guideline"}
        </h2>
        <button
          type="button"
          class="small"
          aria-label="Close the clause"
          onClick={() => {
            chrome.clause.value = null;
          }}
        >
          ✕
        </button>
      </header>
      {/* The server renders and cleans the guideline's text. */}
      {clause && (
        <div class="clause-text" dangerouslySetInnerHTML={{ __html: clause.body_html }} />
      )}
      <footer>Guideline, edition {guideline.number}</footer>
    </aside>
  );
}

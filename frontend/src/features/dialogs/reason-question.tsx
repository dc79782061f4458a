/** Asks why: one of the usual reasons, or words of one's own. */

import { useState } from "preact/hooks";
import type { Chrome } from "../chrome";
import { Dialog } from "./dialog";

export function ReasonDialog({ chrome }: { readonly chrome: Chrome }) {
  const question = chrome.question.value;
  if (!question) return null;
  return <Question key={question.title} chrome={chrome} />;
}

function Question({ chrome }: { readonly chrome: Chrome }) {
  const question = chrome.question.value;
  const [words, setWords] = useState("");
  if (!question) return null;
  const answer = (reason: string) => {
    if (reason.trim()) question.answer(reason.trim());
  };
  const pick = (event: KeyboardEvent) => {
    const index = Number(event.key) - 1;
    const reason = question.reasons[index];
    const typing = event.target instanceof HTMLInputElement && words !== "";
    if (reason === undefined || typing) return;
    event.preventDefault();
    answer(reason);
  };
  return (
    <Dialog
      onKey={pick}
      title={question.title}
      class="reason"
      place={question.place}
      onClose={() => question.answer(null)}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          answer(words || (question.reasons[0] ?? ""));
        }}
      >
        <h2>{question.title}</h2>
        <div class="reason-list">
          {question.reasons.map((reason, n) => (
            <button key={reason} type="button" onClick={() => answer(reason)}>
              <kbd>{n + 1}</kbd> {reason}
            </button>
          ))}
        </div>
        <input
          class="text-field"
          type="text"
          maxLength={200}
          placeholder="or in your own words"
          aria-label="Reason in your own words"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <footer>
          <button type="button" class="secondary" onClick={() => question.answer(null)}>
            Cancel
          </button>
          <button type="submit" class="primary">
            {words ? "Save" : "Save the first"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

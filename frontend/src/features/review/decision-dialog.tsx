/** Handing in, accepting, returning: what stands open is said before, what the server refuses after. */

import { useState } from "preact/hooks";
import type { Finding } from "../../core/types";
import type { Workspace } from "../../data/session";
import { useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";
import { Dialog } from "../dialogs/dialog";

interface Props {
  readonly workspace: Workspace;
  readonly chrome: Chrome;
  readonly home: string;
}

type Decision = "submit" | "accept" | "return";

const WORDS: Readonly<
  Record<Decision, { title: string; go: string; note: string; done: string }>
> = {
  submit: { title: "Submit this task?", go: "Submit", note: "", done: "Submitted. Thank you." },
  accept: {
    title: "Accept this work?",
    go: "Accept",
    note: "Note (may be empty)",
    done: "Accepted.",
  },
  return: {
    title: "Return it to its author?",
    go: "Return",
    note: "What is to be done; your comments go along",
    done: "Returned to its author.",
  },
};

export function DecisionDialog({ workspace, chrome, home }: Props) {
  const decision = chrome.deciding.value;
  return decision ? (
    <Decide key={decision} decision={decision} workspace={workspace} chrome={chrome} home={home} />
  ) : null;
}

/** Sends everything first: what is decided on is what the server has. */
async function decide(workspace: Workspace, decision: Decision, note: string): Promise<void> {
  const { calls, store, sync, taskId } = workspace;
  await sync.flush();
  const status = sync.status.peek();
  if (status.kind !== "saved")
    throw new Error("Not everything is saved yet. Wait a moment and try again.");
  const token = store.lease.peek()?.token;
  if (token === undefined) throw new Error("The task is not yours any more.");
  const version = store.version.peek();
  if (decision === "submit") await calls.submit(taskId, token, version);
  else if (decision === "accept") await calls.accept(taskId, token, version, note);
  else await calls.returnToAuthor(taskId, token, version, note);
}

function Decide({ decision, workspace, chrome, home }: Props & { readonly decision: Decision }) {
  const desk = useDesk();
  const [note, setNote] = useState("");
  const [refusal, setRefusal] = useState("");
  const [state, setState] = useState<"asking" | "sending" | "done">("asking");
  const words = WORDS[decision];
  const open = desk.findings.value.filter((finding) => finding.state === "open");
  const blocking = open.filter((finding) => finding.blocking);
  const close = () => {
    chrome.deciding.value = null;
  };
  const send = () => {
    setState("sending");
    setRefusal("");
    decide(workspace, decision, note).then(
      () => {
        setState("done");
        workspace.store.mode.value = "view";
        // The task has left these hands: nothing is to be renewed any more.
        workspace.store.lease.value = null;
      },
      (error: unknown) => {
        setState("asking");
        setRefusal(error instanceof Error ? error.message : "The server did not answer.");
      },
    );
  };
  if (state === "done")
    return <Done words={words.done} workspace={workspace} home={home} onClose={close} />;
  const stopped = decision === "submit" && blocking.length > 0;
  const unsaid = decision === "return" && note.trim() === "";
  return (
    <Dialog title={words.title} class="decision" onClose={close}>
      <h2>{words.title}</h2>
      <OpenSummary open={open} blocking={blocking.length} decision={decision} />
      {words.note && (
        <textarea
          rows={3}
          placeholder={words.note}
          aria-label={words.note}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      )}
      {refusal && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      <footer>
        {open.length > 0 && (
          <button
            type="button"
            class="secondary"
            onClick={() => {
              close();
              bringToFirst(desk, chrome, blocking[0] ?? open[0]);
            }}
          >
            Go to findings
          </button>
        )}
        <span class="spring" />
        <button type="button" class="secondary" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          disabled={state === "sending" || stopped || unsaid}
          onClick={send}
        >
          {state === "sending" ? "Sending" : words.go}
        </button>
      </footer>
    </Dialog>
  );
}

interface DoneProps {
  readonly words: string;
  readonly workspace: Workspace;
  readonly home: string;
  readonly onClose: () => void;
}

/** The same page for another task. */
function addressOf(taskId: number): string {
  return location.pathname.replace(/\d+/, String(taskId));
}

function Done({ words, workspace, home, onClose }: DoneProps) {
  const [said, setSaid] = useState("");
  const [asking, setAsking] = useState(false);
  const next = async () => {
    setAsking(true);
    try {
      const taken = await workspace.calls.next(workspace.store.task.peek().kind);
      if (taken) location.assign(addressOf(taken.task.id));
      else setSaid("Nothing waits for you right now.");
    } catch (error) {
      setSaid(error instanceof Error ? error.message : "The server did not answer.");
    } finally {
      setAsking(false);
    }
  };
  return (
    <Dialog title={words} class="decision" onClose={onClose}>
      <h2>{words}</h2>
      {said && <p role="status">{said}</p>}
      <footer>
        <button type="button" class="secondary" onClick={onClose}>
          Stay here
        </button>
        <a class="secondary" href={home}>
          Back to my work
        </a>
        <button
          type="button"
          class="primary"
          disabled={asking || said !== ""}
          onClick={() => void next()}
        >
          Next task
        </button>
      </footer>
    </Dialog>
  );
}

function bringToFirst(
  desk: ReturnType<typeof useDesk>,
  chrome: Chrome,
  finding: Finding | undefined,
): void {
  chrome.tab.value = "findings";
  if (!finding) return;
  chrome.finding.value = finding.id;
  if (finding.at_ns !== null) desk.bench.clock.goToTime(finding.at_ns);
  if (finding.object_id) desk.bench.selection.select(finding.object_id);
}

interface SummaryProps {
  readonly open: readonly Finding[];
  readonly blocking: number;
  readonly decision: Decision;
}

function OpenSummary({ open, blocking, decision }: SummaryProps) {
  if (open.length === 0) return <p>No finding is open.</p>;
  const others = open.length - blocking;
  return (
    <p>
      {blocking > 0 && (
        <strong class="blocking">
          {blocking} {blocking === 1 ? "finding stops" : "findings stop"} the submit
          {decision === "submit" ? ": mend them, or dismiss them with a reason. " : ". "}
        </strong>
      )}
      {others > 0 && `${others} more ${others === 1 ? "is" : "are"} open.`}
    </p>
  );
}

/** Which scene, which moment, how saving stands, who else is here, how long it is ours; and what ends the task. */

import { useEffect, useState } from "preact/hooks";
import type { Workspace } from "../../data/session";
import type { SaveStatus } from "../../data/sync";
import { useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";
import { CommandButton } from "../controls/command-button";
import { Icon } from "../controls/icon";
import { clockText } from "../frame-bar/clock-text";
import type { Presence } from "./presence";

interface Props {
  readonly workspace: Workspace;
  readonly chrome: Chrome;
  readonly presence: Presence;
  readonly home: string;
}

const MODE_WORDS = { label: "Label", review: "Review", view: "View only" } as const;

export function TitleBar({ workspace, chrome, presence, home }: Props) {
  const { bench } = useDesk();
  const { scene, clock, store } = bench;
  const mode = store.mode.value;
  const frame = clock.frame.value;
  return (
    <header class="title-bar">
      <a class="home" href={home} title="Back to my work" aria-label="Back to my work">
        <Icon name="back" />
      </a>
      <h1>
        <span class="project">{store.task.value.project_name}</span>
        {scene.manifest.scene.name}
        <small>task {workspace.taskId}</small>
      </h1>
      <span class={`mode-chip ${mode}`}>{MODE_WORDS[mode]}</span>
      <span class="moment">
        frame <b>{frame + 1}</b>/{scene.frames.length} ·{" "}
        {clockText(scene.frame(frame)?.at_ns ?? 0)}
      </span>
      <span class="spring" />
      <People presence={presence} />
      <LeaseClock workspace={workspace} />
      <SaveChip status={workspace.sync.status.value} />
      <CommandButton command="edit.undo" icon="undo" />
      <CommandButton command="edit.redo" icon="redo" />
      <span class="rule" />
      <CommandButton command="view.theme" icon="sun" />
      <CommandButton command="help.palette" icon="search" />
      <CommandButton command="help.keys">?</CommandButton>
      <Decisions workspace={workspace} chrome={chrome} />
    </header>
  );
}

function People({ presence }: { readonly presence: Presence }) {
  const others = presence.others.value;
  if (others.length === 0) return null;
  return (
    <span class="people" title={`Also here: ${others.map(({ name }) => name).join(", ")}`}>
      {others.map((person) => (
        <i key={person.id} class="avatar">
          {person.initials}
        </i>
      ))}
    </span>
  );
}

const TICK_MS = 1000;
/** With less than this left, the clock asks for attention. */
const SOON_S = 120;

/** The task goes back into the queue when this runs out and nobody has worked on it. */
function LeaseClock({ workspace }: { readonly workspace: Workspace }) {
  const lease = workspace.store.lease.value;
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => tick((n) => n + 1), TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  if (!lease) return null;
  const left_s = Math.max((Date.parse(lease.expires_at) - Date.now()) / 1000, 0);
  if (!Number.isFinite(left_s) || left_s > 24 * 3600) return null;
  const text = left_s >= 60 ? `${Math.floor(left_s / 60)} min` : `${Math.floor(left_s)} s`;
  return (
    <span
      class={left_s < SOON_S ? "lease soon" : "lease"}
      title="The task is yours for this long; it is renewed while this page is open"
    >
      yours {text}
    </span>
  );
}

function saveText(status: SaveStatus): readonly [string, string] {
  switch (status.kind) {
    case "saved":
      return [`v${status.version} saved`, "good"];
    case "saving":
      return [`saving ${status.waiting}`, "busy"];
    case "offline":
      return [`offline, ${status.waiting} kept here`, "warning"];
    case "signed-out":
      return [`signed out, ${status.waiting} kept here`, "warning"];
    case "conflict":
      return [status.cards === 1 ? "1 conflict" : `${status.cards} conflicts`, "warning"];
    case "lost-lease":
      return ["no longer yours", "error"];
  }
}

function SaveChip({ status }: { readonly status: SaveStatus }) {
  const [text, kind] = saveText(status);
  return (
    <output class={`save-chip ${kind}`} aria-live="polite">
      {text}
    </output>
  );
}

function Decisions({
  workspace,
  chrome,
}: {
  readonly workspace: Workspace;
  readonly chrome: Chrome;
}) {
  const mode = workspace.store.mode.value;
  if (mode === "view") return null;
  const ask = (what: "submit" | "accept" | "return") => () => {
    chrome.deciding.value = what;
  };
  if (mode === "label") {
    return (
      <button type="button" class="primary" onClick={ask("submit")}>
        Submit
      </button>
    );
  }
  return (
    <>
      <button type="button" class="secondary" onClick={ask("return")}>
        Return
      </button>
      <button type="button" class="primary" onClick={ask("accept")}>
        Accept
      </button>
    </>
  );
}

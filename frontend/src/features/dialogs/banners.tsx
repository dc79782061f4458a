/** What stands in the way of saving, in one line with what to do about it. */

import type { ComponentChildren } from "preact";
import type { Workspace } from "../../data/session";
import { Icon } from "../controls/icon";
import { DraftsNotice } from "./drafts-notice";

interface Props {
  readonly workspace: Workspace;
  readonly home: string;
}

export function Banners({ workspace, home }: Props) {
  const status = workspace.sync.status.value;
  const held = workspace.pen.held.value;
  return (
    <div class="banners" aria-live="polite">
      {!held && workspace.store.mode.value !== "view" && (
        <Banner kind="warning">
          This task is open in another tab; here it is read-only.
          <button type="button" class="small" onClick={() => void workspace.takeOver()}>
            Work here instead
          </button>
        </Banner>
      )}
      {status.kind === "offline" && (
        <Banner kind="warning">
          No connection. You can go on: {waitingText(status.waiting)} kept in this browser and sent
          when it is back.
          <button type="button" class="small" onClick={() => void workspace.sync.retry()}>
            Try now
          </button>
        </Banner>
      )}
      {status.kind === "signed-out" && (
        <Banner kind="warning">
          You are signed out. Nothing is lost: {waitingText(status.waiting)} kept in this browser.
          <a class="small" href="/accounts/login/" target="_blank" rel="noreferrer">
            Sign in
          </a>
          <button type="button" class="small" onClick={() => void workspace.sync.retry()}>
            I have signed in
          </button>
        </Banner>
      )}
      {status.kind === "lost-lease" && (
        <Banner kind="error">
          {status.reason}
          {status.drafts > 0 &&
            ` ${status.drafts} of your changes came too late; they are kept as a draft for whoever goes on.`}
          <a class="small" href={home}>
            Back to my work
          </a>
        </Banner>
      )}
      <DraftsNotice workspace={workspace} />
      {workspace.store.mode.value === "view" && (
        <Banner kind="info">You are looking only: nothing can be changed here.</Banner>
      )}
    </div>
  );
}

function waitingText(count: number): string {
  return count === 1 ? "1 change is" : `${count} changes are`;
}

interface BannerProps {
  readonly kind: "info" | "warning" | "error";
  readonly children: ComponentChildren;
}

function Banner({ kind, children }: BannerProps) {
  return (
    <p class={`banner ${kind}`}>
      <Icon name={kind} />
      <span>{children}</span>
    </p>
  );
}

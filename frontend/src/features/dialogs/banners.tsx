/** What stands in the way of saving, in one line with what to do about it. */

import type { ComponentChildren } from "preact";
import type { Workspace } from "../../data/session";
import { useDesk } from "../../views/desk";
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
      <DrawingProblem />
      <PointsProblem workspace={workspace} />
      <DraftsNotice workspace={workspace} />
      {workspace.store.mode.value === "view" && (
        <Banner kind="info">You are looking only: nothing can be changed here.</Banner>
      )}
    </div>
  );
}

function DrawingProblem() {
  const why = useDesk().host.failure.value;
  if (!why) return null;
  return (
    <Banner kind="error">
      The 3D views cannot be drawn: {why}. They need WebGL 2; look into the browser's settings for
      hardware acceleration, or take another browser.
    </Banner>
  );
}

/** The points of the shown frame did not come. */
function PointsProblem({ workspace }: { readonly workspace: Workspace }) {
  const { bench } = useDesk();
  const frame = bench.clock.frame.value;
  const lidar = bench.scene.lidars[0]?.key;
  const why = lidar ? workspace.assets.problems.value.get(`${frame} ${lidar}`) : undefined;
  if (!why || !lidar || bench.cloud.value) return null;
  const again = () => {
    workspace.assets.cloud(frame, lidar).catch((error: unknown) => {
      bench.editor.notify("warning", error instanceof Error ? error.message : "It did not work.");
    });
  };
  return (
    <Banner kind="warning">
      The points of this frame are not there: {why}.
      <button type="button" class="small" onClick={again}>
        Try again
      </button>
    </Banner>
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

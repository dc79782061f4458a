/** Opens the task and shows the workspace, or says in words why it cannot. */

import { useEffect, useState } from "preact/hooks";
import { openWorkspace, type Workspace } from "../data/session";
import { DeskProvider } from "../views/desk";
import { type BuiltDesk, buildDesk } from "./build-desk";
import { Screen } from "./screen";

interface Props {
  readonly taskId: number;
  readonly userId: number | null;
  /** The person's own page of the portal. */
  readonly home: string;
}

type Opening =
  | { readonly kind: "opening" }
  | { readonly kind: "open"; readonly workspace: Workspace; readonly built: BuiltDesk }
  | { readonly kind: "refused"; readonly why: string };

export function App({ taskId, userId, home }: Props) {
  const [opening, setOpening] = useState<Opening>({ kind: "opening" });
  useEffect(() => {
    let close = (): void => undefined;
    let gone = false;
    openWorkspace(taskId).then(
      (opened) => {
        if (gone) {
          opened.dispose();
          return;
        }
        const built = buildDesk(opened);
        close = () => {
          built.dispose();
          opened.dispose();
        };
        setOpening({ kind: "open", workspace: opened, built });
      },
      (error: unknown) => {
        const why = error instanceof Error ? error.message : "The server did not answer.";
        setOpening({ kind: "refused", why });
      },
    );
    return () => {
      gone = true;
      close();
    };
  }, [taskId]);
  if (opening.kind === "open") {
    return (
      <DeskProvider value={opening.built.desk}>
        <Screen workspace={opening.workspace} built={opening.built} userId={userId} home={home} />
      </DeskProvider>
    );
  }
  return <Waiting opening={opening} home={home} />;
}

function Waiting({ opening, home }: { readonly opening: Opening; readonly home: string }) {
  if (opening.kind !== "refused") {
    return (
      <main class="waiting-page" aria-busy="true">
        <p>Opening the task</p>
      </main>
    );
  }
  return (
    <main class="waiting-page">
      <h1>This task cannot be opened</h1>
      <p>{opening.why}</p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>{" "}
        <a href={home}>Back to my work</a>
      </p>
    </main>
  );
}

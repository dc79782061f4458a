/** The workspace's layout: title bar, tools, views, cameras, time, panels. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Workspace } from "../data/session";
import { CameraStrip, LargeCamera } from "../features/cameras/camera-strip";
import { ConflictCards } from "../features/conflicts/conflict-cards";
import { Splitter } from "../features/controls/splitter";
import { Announcer } from "../features/dialogs/announcer";
import { Banners } from "../features/dialogs/banners";
import { ClauseCard } from "../features/dialogs/clause-card";
import { HelpOverlay } from "../features/dialogs/help";
import { LeaderChip } from "../features/dialogs/leader-chip";
import { PaletteOverlay } from "../features/dialogs/palette";
import { ReasonDialog } from "../features/dialogs/reason-question";
import { Toasts } from "../features/dialogs/toasts";
import { FrameBar } from "../features/frame-bar/frame-bar";
import { DecisionDialog } from "../features/review/decision-dialog";
import { Presence } from "../features/title-bar/presence";
import { TitleBar } from "../features/title-bar/title-bar";
import { ToolRail } from "../features/tool-rail/tool-rail";
import { SIDES } from "../tools/side-plans";
import { keepScene } from "../views/canvas-scene";
import type { Desk } from "../views/desk";
import { MainView } from "../views/main/main-view";
import { SideView } from "../views/side/side-view";
import type { BuiltDesk } from "./build-desk";
import { keepFollowing } from "./following";
import { countInputs } from "./inputs";
import { listenToKeys } from "./keyboard";
import { followClock, startView } from "./loading";
import { PanelColumn } from "./panel-column";
import { keepPlaying } from "./playing";
import { keepPreferences } from "./preferences";
import { showTestSurface } from "./test-surface";

interface Props {
  readonly workspace: Workspace;
  readonly built: BuiltDesk;
  readonly userId: number | null;
  readonly home: string;
}

function useUpkeep(
  workspace: Workspace,
  { desk }: BuiltDesk,
  canvas: { readonly current: HTMLCanvasElement | null },
): void {
  useEffect(() => {
    const surface = canvas.current;
    if (!surface) return;
    performance.mark("concord:shell-ready");
    startView(desk);
    const stops = [
      followClock(desk),
      keepFollowing(desk),
      listenToKeys(desk),
      keepPlaying(desk.bench),
      showTestSurface(workspace, desk),
      countInputs(workspace),
      () => desk.host.stop(),
    ];
    void keepPreferences(desk.view, workspace.shelf).then((stop) => stops.push(stop));
    void desk.host.start(surface).then(() => {
      const stage = desk.host.stage.peek();
      if (stage) stops.push(keepScene(desk, stage));
    });
    return () => {
      for (const stop of stops) stop();
    };
  }, [workspace, desk, canvas]);
}

/** Sizes that a person has dragged; those never dragged follow the window. */
function sizesOf({ view }: Desk): Record<string, string> {
  const { sideWidth_px, panelWidth_px, stripHeight_px } = view.preferences.value;
  return {
    ...(sideWidth_px > 0 ? { "--side": `${sideWidth_px}px` } : {}),
    ...(panelWidth_px > 0 ? { "--panel": `${panelWidth_px}px` } : {}),
    ...(stripHeight_px > 0 ? { "--strip": `${stripHeight_px}px` } : {}),
  };
}

export function Screen({ workspace, built, userId, home }: Props) {
  const { desk, cameras, chrome, findings, intents } = built;
  const canvas = useRef<HTMLCanvasElement>(null);
  useUpkeep(workspace, built, canvas);
  const presence = useMemo(() => new Presence(workspace, userId), [workspace, userId]);
  useEffect(() => () => presence.dispose(), [presence]);
  return (
    <div class="workspace" data-theme={desk.view.preferences.value.theme} style={sizesOf(desk)}>
      <TitleBar workspace={workspace} chrome={chrome} presence={presence} home={home} />
      <ToolRail />
      <canvas ref={canvas} class="stage" />
      <main class="main-column">
        <MainView intents={intents.main} />
        <LargeCamera cameras={cameras} intents={intents.image} />
        <Banners workspace={workspace} home={home} />
      </main>
      <section class="side-column" aria-label="Views of the chosen cuboid">
        {SIDES.map((side) => (
          <SideView key={side} side={side} intents={intents.side} />
        ))}
      </section>
      <CameraStrip cameras={cameras} intents={intents.image} />
      <FrameBar />
      <PanelColumn workspace={workspace} chrome={chrome} findings={findings} cameras={cameras} />
      <Splitter
        name="sideWidth_px"
        label="Width of the box views"
        of=".side-column"
        least={200}
        most={900}
      />
      <Splitter
        name="panelWidth_px"
        label="Width of the panels"
        of=".panel-column"
        least={250}
        most={520}
      />
      <Splitter
        name="stripHeight_px"
        label="Height of the cameras"
        of=".strip"
        least={70}
        most={480}
      />
      <ConflictCards workspace={workspace} />
      <ClauseCard chrome={chrome} />
      <LeaderChip />
      <Announcer />
      <Toasts />
      <ReasonDialog chrome={chrome} />
      <DecisionDialog workspace={workspace} chrome={chrome} home={home} />
      <HelpOverlay chrome={chrome} />
      <PaletteOverlay chrome={chrome} />
    </div>
  );
}

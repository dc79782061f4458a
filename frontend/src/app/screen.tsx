/** The workspace's layout: title bar, tools, views, cameras, time, panels. */

import { useEffect, useRef } from "preact/hooks";
import type { Workspace } from "../data/session";
import { CameraStrip, LargeCamera } from "../features/cameras/camera-strip";
import { FrameBar } from "../features/frame-bar/frame-bar";
import { keepScene } from "../views/canvas-scene";
import { useDesk } from "../views/desk";
import { MainView } from "../views/main/main-view";
import { SideView } from "../views/side/side-view";
import { SIDES } from "../views/side-lens";
import type { BuiltDesk } from "./build-desk";
import { followClock, startView } from "./loading";

interface Props {
  readonly workspace: Workspace;
  readonly built: BuiltDesk;
}

export function Screen({ workspace, built }: Props) {
  const { desk, cameras } = built;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const surface = canvas.current;
    if (!surface) return;
    performance.mark("concord:shell-ready");
    startView(desk);
    const stops = [followClock(desk), () => desk.host.stop()];
    void desk.host.start(surface).then(() => {
      const stage = desk.host.stage.peek();
      if (stage) stops.push(keepScene(desk, stage));
    });
    return () => {
      for (const stop of stops) stop();
    };
  }, [desk]);
  const theme = desk.view.preferences.value.theme;
  return (
    <div class="workspace" data-theme={theme}>
      <canvas ref={canvas} class="stage" />
      <div class="main-column">
        <MainView intents={built.intents.main} />
        <LargeCamera cameras={cameras} intents={built.intents.image} />
      </div>
      <div class="side-column">
        {SIDES.map((side) => (
          <SideView key={side} side={side} intents={built.intents.side} />
        ))}
      </div>
      <CameraStrip cameras={cameras} intents={built.intents.image} />
      <FrameBar />
    </div>
  );
}

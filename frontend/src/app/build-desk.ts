/** Puts the desk together from an opened task. */

import { computed, signal } from "@preact/signals";
import { AssistDesk } from "../assist/assistants";
import { CheckRunner } from "../checks/runner";
import type { Vec3 } from "../core/types";
import type { Workspace } from "../data/session";
import { bestCamera } from "../features/cameras/best-camera";
import { Chrome } from "../features/chrome";
import { imageIntents } from "../features/editing/image-intents";
import { mainIntents } from "../features/editing/main-intents";
import { sideIntents } from "../features/editing/side-intents";
import { FindingDesk } from "../features/findings/finding-desk";
import { Bench } from "../tools/bench";
import { Creator } from "../tools/creating";
import { Numbering } from "../tools/numbering";
import type { Desk } from "../views/desk";
import { evidenceOf } from "../views/evidence";
import type { ImageIntents } from "../views/image/image-pointer";
import { CameraState } from "../views/image/image-state";
import type { MainIntents } from "../views/main/main-pointer";
import { ShownBoxes } from "../views/shown-boxes";
import type { SideIntents } from "../views/side/side-pointer";
import { StageHost } from "../views/stage-host";
import { ViewState } from "../views/view-state";
import { cuboidCommands } from "./commands/cuboid-commands";
import { faceCommands } from "./commands/face-commands";
import { imageCommands } from "./commands/image-commands";
import { objectCommands } from "./commands/object-commands";
import { pageCommands } from "./commands/page-commands";
import { viewCommands } from "./commands/view-commands";

export interface BuiltDesk {
  readonly desk: Desk;
  readonly chrome: Chrome;
  readonly findings: FindingDesk;
  readonly cameras: readonly CameraState[];
  readonly intents: Intents;
  readonly dispose: () => void;
}

export interface Intents {
  readonly main: MainIntents;
  readonly side: SideIntents;
  readonly image: ImageIntents;
}

export function buildDesk(workspace: Workspace): BuiltDesk {
  const bench = new Bench(workspace);
  const view = new ViewState();
  const numbering = new Numbering();
  numbering.learn(workspace.store.committed.peek().keys());
  const cameras: CameraState[] = [];
  const chrome = new Chrome();
  if (workspace.store.mode.peek() === "review") chrome.tab.value = "findings";
  const checks = new CheckRunner({
    store: workspace.store,
    frame: workspace.clock.frame,
    cloud: (frame, sensor) => workspace.assets.cloudNow(frame, sensor),
    now_ms: () => performance.now(),
  });
  const findings = new FindingDesk(workspace, checks);
  const assist = new AssistDesk();
  const creator = new Creator(bench, assist);
  const desk: Desk = {
    bench,
    view,
    numbering,
    host: new StageHost(),
    boxes: new ShownBoxes(bench, view, numbering),
    evidence: evidenceOf(bench),
    bestCamera: computed(() => bestCamera(cameras)),
    findings: findings.all,
    ray: signal<readonly [Vec3, Vec3] | null>(null),
  };
  cameras.push(...bench.scene.cameras.map((camera) => new CameraState(desk, camera)));
  const intents = {
    main: mainIntents(desk, creator),
    side: sideIntents(desk),
    image: imageIntents(desk, creator, chrome),
  };
  const context = { workspace, desk, chrome, findings, cameras, creator };
  bench.commands.register(
    ...cuboidCommands(context),
    ...faceCommands(context),
    ...objectCommands(context),
    ...imageCommands(context),
    ...viewCommands(context),
    ...pageCommands(context),
  );
  const dispose = () => {
    findings.dispose();
    checks.dispose();
    assist.dispose();
  };
  return { desk, chrome, findings, cameras, intents, dispose };
}

/** What browser tests and benchmarks may read, and where they have to aim. Nothing can be changed through it. */

import type { ObjId, Vec3 } from "../core/types";
import type { Workspace } from "../data/session";
import { corners } from "../math/cuboid";
import { apply } from "../math/rigid";
import { SIDES, type SideName } from "../tools/side-plans";
import type { Desk } from "../views/desk";
import { clipOf, type Lens, screenOf } from "../views/lens";
import { lensOf } from "../views/orbit";
import { anchorOf } from "../views/side/side-view";
import { sideLens } from "../views/side-lens";

type PageXY = readonly [number, number];

export interface TestSurface {
  readonly draws: number;
  readonly drawCalls: number;
  readonly pointsDrawn: number;
  readonly jsMsPerFrame: number;
  readonly saveState: string;
  readonly version: number;
  readonly selected: ObjId | null;
  readonly frame: number;
  readonly objects: number;
  readonly openFindings: number;
  /** A world point on the page, in a view: "main", "top", "side", "rear". Null where the view does not show it. */
  project(point_m: Vec3, view: string): PageXY | null;
  /** Left, top, right, bottom of an object's cuboid on the page. */
  cuboidOnScreen(id: ObjId, view: string): readonly [number, number, number, number] | null;
}

declare global {
  interface Window {
    __concord?: TestSurface;
  }
}

function isSide(view: string): view is SideName {
  return SIDES.some((side) => side === view);
}

function lensIn(desk: Desk, view: string): Lens | null {
  if (view === "main") return lensOf(desk.view.main.peek());
  if (!isSide(view)) return null;
  const [anchor, scale] = [anchorOf(desk, view), desk.view.sideScale[view].peek()];
  return anchor && scale ? sideLens(view, anchor, scale) : null;
}

function projected(desk: Desk, point_m: Vec3, view: string): PageXY | null {
  const lens = lensIn(desk, view);
  const box = document.querySelector(`[data-view="${view}"]`)?.getBoundingClientRect();
  if (!lens || !box) return null;
  const inEgo = apply(desk.bench.egoFromWorld.peek(), point_m);
  const at = screenOf(clipOf(lens, box), box, inEgo);
  return at ? [at[0] + box.left, at[1] + box.top] : null;
}

/** Puts the surface on the window; returns what takes it away. */
export function showTestSurface(workspace: Workspace, desk: Desk): () => void {
  const { bench, host } = desk;
  window.__concord = {
    get draws() {
      return host.counts.draws;
    },
    get drawCalls() {
      return host.counts.drawCalls;
    },
    get pointsDrawn() {
      return host.counts.pointsDrawn;
    },
    get jsMsPerFrame() {
      return host.counts.jsMsPerFrame;
    },
    get saveState() {
      return workspace.sync.status.peek().kind;
    },
    get version() {
      return bench.store.version.peek();
    },
    get selected() {
      return bench.selection.object.peek();
    },
    get frame() {
      return bench.clock.frame.peek();
    },
    get objects() {
      return bench.store.committed.peek().size;
    },
    get openFindings() {
      return desk.findings.peek().filter((finding) => finding.state === "open").length;
    },
    project: (point_m, view) => projected(desk, point_m, view),
    cuboidOnScreen: (id, view) => {
      const object = bench.store.objects.peek().get(id);
      const cuboid = object ? bench.store.cuboidAt(object, bench.clock.at_ns.peek()) : null;
      const places = cuboid ? corners(cuboid).map((corner) => projected(desk, corner, view)) : [];
      const seen = places.filter((place) => place !== null);
      if (seen.length === 0) return null;
      const [xs, ys] = [seen.map(([x]) => x), seen.map(([, y]) => y)];
      return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    },
  };
  return () => {
    delete window.__concord;
  };
}

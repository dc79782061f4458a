/** Loads what the screen looks at, and starts the view where the data is. */

import { effect } from "@preact/signals";
import type { SensorKey } from "../core/types";
import type { PointCloud } from "../data/points";
import type { Desk } from "../views/desk";
import { framed } from "../views/orbit";

/** Points and pictures follow the clock; returns what ends it. */
export function followClock({ bench, view, bestCamera, host }: Desk): () => void {
  const { assets, clock, scene } = bench;
  const lidar = scene.lidars[0]?.key ?? null;
  let shown = -1;
  const stops = [
    effect(() => {
      const best = bestCamera.value;
      if (best && view.bigCamera.value && view.bigFollows.value) view.bigCamera.value = best;
    }),
    effect(() => {
      const wanted = [view.bigCamera.value, bestCamera.value].filter((key) => key !== null);
      const others = scene.cameras.map(({ key }) => key).filter((key) => !wanted.includes(key));
      const cameras: SensorKey[] = [...new Set(wanted), ...others];
      assets.follow({ frame: clock.frame.value, direction: clock.direction.value, cameras });
    }),
    effect(() => {
      assets.arrived.value;
      const frame = clock.frame.value;
      const cloud: PointCloud | null = lidar ? assets.cloudNow(frame, lidar) : null;
      if (!cloud && shown === frame) return;
      if (cloud === bench.cloud.peek()) return;
      if (cloud) markStep(frame, host);
      shown = frame;
      bench.cloud.value = cloud;
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

const FIRST_RENDER = "concord:first-useful-render";

/** Marks when a frame's points are on the screen. */
function markStep(frame: number, host: Desk["host"]): void {
  void host.nextDraw().then(() => {
    performance.mark("concord:frame-shown", { detail: { frame } });
    if (performance.getEntriesByName(FIRST_RENDER).length === 0) performance.mark(FIRST_RENDER);
  });
}

const START_RADIUS_M = 22;

/** The first view looks over the ego, the way it drives. */
export function startView({ view }: Desk): void {
  view.main.value = framed(view.main.peek(), view.mainSize.peek(), [8, 0, 0], START_RADIUS_M);
}

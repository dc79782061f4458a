/** Keeps what the canvas holds in step with the labels, the points and the way of looking. */

import { effect } from "@preact/signals";
import type { Cuboid } from "../core/types";
import type { PointCloud } from "../data/points";
import { indicesInside } from "../math/grid";
import { groundHeight } from "../math/ground";
import { everyNth } from "../render/every-nth";
import type { DrawnCloud } from "../render/point-layer";
import type { Stage } from "../render/stage";
import { SIDES } from "../tools/side-plans";
import { boxLines, frontFill, rangeRings } from "./box-drawing";
import type { Desk } from "./desk";
import type { ShownBox } from "./shown-boxes";
import { CANVAS_THEMES, tintsOf } from "./theme";

/** The crop reaches so far beyond the box that a drag stays inside of it. */
const CROP_SHARE = 1.1;
const CROP_LEAST_M = 3;
const CROP_MOST_M = 14;
const ROAD_BELOW_M = -1.7;

function drawnCloud({ frame, ego_from_sensor, ground }: PointCloud): DrawnCloud {
  const { count, xyz, scale_m, origin_m, intensity } = frame;
  return { count, xyz, scale_m, origin_m, intensity, ego_from_sensor, ground };
}

function look(box: ShownBox, dimmed: boolean) {
  const alpha = box.keyed ? 0.95 : 0.6;
  return {
    colour: box.colour,
    alpha: dimmed ? alpha * 0.5 : alpha,
    width_px: box.keyed ? 1.5 : 1.25,
    dash_px: box.confirmed || !box.keyed ? 0 : 5,
  };
}

function setBoxes(stage: Stage, boxes: readonly ShownBox[], chosen: string | null): void {
  const others = boxes.filter((box) => box.id !== chosen);
  stage.boxes.set(others.flatMap((box) => boxLines(box.cuboid, look(box, false))));
  stage.fills.set(others.map((box) => frontFill(box.cuboid, box.colour, 0.22)));
  stage.request();
}

/** Each side view draws at most so many points: where more stand round the box, the crop is narrower. */
export const MOST_CROPPED = 18_000;
const NARROWER = 0.6;
const NARROWEST_M = 0.5;

/** Points round the box for the side views. */
export function cropOf(
  cloud: Pick<PointCloud, "grid" | "positions">,
  cuboid_ego: Cuboid,
): Uint32Array {
  const longest = Math.max(...cuboid_ego.size_m);
  let margin = Math.min(Math.max(longest * CROP_SHARE, CROP_LEAST_M), CROP_MOST_M);
  for (;;) {
    const indices = indicesInside(cloud.grid, cloud.positions, cuboid_ego, margin);
    if (indices.length <= MOST_CROPPED || margin <= NARROWEST_M) return thinned(indices);
    margin = Math.max(margin * NARROWER, NARROWEST_M);
  }
}

/** A box that holds more than that by itself shows every so many-th. */
function thinned(indices: Uint32Array): Uint32Array {
  if (indices.length <= MOST_CROPPED) return indices;
  return everyNth(indices.length, MOST_CROPPED).map((n) => indices[n] ?? 0);
}

function roadLevel(cloud: PointCloud | null): number {
  return (cloud?.ground && groundHeight(cloud.ground, 0, 0)) ?? ROAD_BELOW_M;
}

/** Starts the upkeep of a stage; returns what ends it. */
export function keepScene(desk: Desk, stage: Stage): () => void {
  const { bench, view, host, boxes } = desk;
  const stops = [
    effect(() => {
      const cloud = bench.cloud.value;
      host.stir();
      stage.load(cloud ? drawnCloud(cloud) : null);
      const { ring } = CANVAS_THEMES[view.preferences.peek().theme];
      stage.grid.set(rangeRings(roadLevel(cloud), ring));
    }),
    effect(() => setBoxes(stage, boxes.committed.value, bench.selection.object.value)),
    effect(() => {
      stage.points.setBox(bench.selectedEgo.value);
      for (const side of SIDES) stage.request(side);
    }),
    effect(() => {
      stage.points.setBox(bench.committedEgo.value);
      const [cloud, cuboid] = [bench.cloud.value, bench.committedEgo.value];
      if (cloud) stage.points.setCrop(cuboid ? cropOf(cloud, cuboid) : new Uint32Array(0));
      stage.request();
    }),
    effect(() => {
      const preferences = view.preferences.value;
      const theme = CANVAS_THEMES[preferences.theme];
      stage.setBackground(theme.ground);
      stage.points.material.setTints(tintsOf(preferences));
      stage.points.material.setMode(preferences.colour);
      stage.grid.set(rangeRings(roadLevel(bench.cloud.peek()), theme.ring));
      stage.request();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Checks of cuboids against the points they hold: pts.few, pts.outside. */

import type { AtNs, Cuboid, SensorKey, Vec3 } from "../core/types";
import { toBody, transformed } from "../math/cuboid";
import { visitCuboid } from "../math/grid";
import { groundUnder } from "../math/ground";
import { inverse } from "../math/rigid";
import { type Cloud, putWorld, type Run } from "./context";
import { checkFew, checkOutside } from "./points";

/** Points of one lidar in and around the cuboid. */
interface Sweep {
  /** In the ego frame at the lidar's time. */
  readonly cuboid: Cuboid;
  readonly sensor: SensorKey;
  readonly at_ns: AtNs;
  /** In the cuboid's own axes. */
  readonly local_m: readonly Vec3[];
  readonly held: number;
}

/** All of a frame's points, or none when some are not in memory. */
function clouds(run: Run): readonly { key: SensorKey; cloud: Cloud }[] {
  const sensors = run.scene.lidars.filter(({ key }) => run.scene.capture(run.frame, key));
  const found = sensors.flatMap(({ key }) => {
    const cloud = run.cloudOf(key);
    return cloud ? [{ key, cloud }] : [];
  });
  return found.length === sensors.length ? found : [];
}

function sweepOf(run: Run, key: SensorKey, cloud: Cloud, world: Cuboid): Sweep {
  const at_ns = run.scene.captureTime(run.frame, key);
  const then = at_ns === run.key_ns ? world : (run.cuboidOf(run.object, at_ns) ?? world);
  const cuboid = transformed(run.scene.egoFromWorld(at_ns), then);
  const [l, w, h] = cuboid.size_m.map((side) => side / 2);
  const local_m: Vec3[] = [];
  let held = 0;
  const margin = run.rule("pts.outside").params["shell_m"] ?? 0;
  visitCuboid(cloud.grid, cloud.positions, cuboid, margin, (_index, x, y, z) => {
    local_m.push([x, y, z]);
    const inside = Math.abs(x) <= (l ?? 0) && Math.abs(y) <= (w ?? 0) && Math.abs(z) <= (h ?? 0);
    if (inside) held += 1;
  });
  return { cuboid, sensor: key, at_ns, local_m, held };
}

/** How high the cuboid's bottom stands over the ground; 0 where the ground is not known. */
function heightOver(run: Run, world: Cuboid): number {
  const ground = run.firstCloud?.ground;
  if (!ground) return 0;
  const ego = transformed(inverse(run.scene.worldFromEgo(run.key_ns)), world);
  const under = groundUnder(ground, ego);
  if (under === null) return 0;
  const [x, y] = ego.quaternion_xyzw;
  const upright = 1 - 2 * (x * x + y * y);
  return ego.center_m[2] - (upright * ego.size_m[2]) / 2 - under;
}

export function pointChecks(run: Run): void {
  const world = run.cuboidOf(run.object, run.key_ns);
  const all = world ? clouds(run) : [];
  if (!world) return;
  if (all.length === 0) {
    run.unasked.add("pts.few").add("pts.outside");
    return;
  }
  const sweeps = all.map(({ key, cloud }) => sweepOf(run, key, cloud, world));
  const held = sweeps.reduce((sum, sweep) => sum + sweep.held, 0);
  const best = sweeps.reduce((most, sweep) => (sweep.held > most.held ? sweep : most));
  if (run.isOn("pts.few") && run.keyedHere.length > 0) fewCheck(run, held);
  if (run.isOn("pts.outside")) outsideCheck(run, best, heightOver(run, world));
}

/** Between keys an object may well be hidden for a while: only where somebody says that it is there. */
function fewCheck(run: Run, held: number): void {
  const cause = { check: "pts.few", object_id: run.object.id, at_ns: run.key_ns };
  const draft = checkFew(held, {
    expected: null,
    limits: run.standard.limits,
    params: run.rule("pts.few").params,
    was: run.was(cause),
  });
  run.raise(cause, draft, () => []);
}

function outsideCheck(run: Run, sweep: Sweep, height_m: number): void {
  const { params } = run.rule("pts.outside");
  const { cuboid, local_m } = sweep;
  const floor_m = (params["above_ground_m"] ?? 0) - height_m;
  const cause = { check: "pts.outside", object_id: run.object.id, at_ns: run.key_ns };
  const sensor_ego = run.scene.egoFrom(sweep.sensor).translation_m;
  const around = {
    local_m,
    above: local_m.map((point) => point[2] + cuboid.size_m[2] / 2 > floor_m),
    sensor_m: toBody(cuboid, sensor_ego),
  };
  const draft = checkOutside(cuboid, around, {
    limits: run.standard.limits,
    params,
    mirrorsIncluded: run.standards.mirrorsIncluded,
    was: run.was(cause),
  });
  const world_from_ego = run.scene.worldFromEgo(sweep.at_ns);
  run.raise(cause, draft, (fix) =>
    fix.kind === "set_cuboid"
      ? [putWorld(run.object, run.key_ns, transformed(world_from_ego, fix.cuboid))]
      : [],
  );
}

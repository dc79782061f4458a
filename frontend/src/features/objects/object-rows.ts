/** One row for each object: what the list shows and the query asks. */

import { worldKeyAt, worldKeys } from "../../core/evaluate";
import type {
  Cuboid,
  Finding,
  Key,
  KeyState,
  LabelledObject,
  ObjId,
  Severity,
} from "../../core/types";
import type { PointCloud } from "../../data/points";
import { countInside } from "../../math/grid";
import type { Desk } from "../../views/desk";
import type { CameraState } from "../../views/image/image-state";
import type { Row } from "./query";

/** How a sensor stands to an object now: linked in some state, only seen, or out of sight. */
export type Dot = KeyState | "seen" | "none";

export interface ObjectRow extends Row {
  readonly id: ObjId;
  readonly colour: string;
  readonly findings: number;
  readonly dots: readonly Dot[];
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

export interface OpenFindings {
  readonly count: number;
  readonly worst: Severity;
}

/** Open findings by object. */
export function openByObject(findings: readonly Finding[]): ReadonlyMap<ObjId, OpenFindings> {
  const found = new Map<ObjId, OpenFindings>();
  for (const { object_id, state, severity } of findings) {
    if (!object_id || state !== "open") continue;
    const known = found.get(object_id);
    const worst = known && RANK[known.worst] >= RANK[severity] ? known.worst : severity;
    found.set(object_id, { count: (known?.count ?? 0) + 1, worst });
  }
  return found;
}

function cameraDot(state: CameraState, object: LabelledObject): Dot {
  const seen = state.seenOf(object);
  if (!seen) return "none";
  return seen.observation.key ? seen.observation.state : "seen";
}

export function objectRows(desk: Desk, cameras: readonly CameraState[]): readonly ObjectRow[] {
  const open = openByObject(desk.findings.value);
  const objects = [...desk.bench.store.committed.value.values()];
  return objects.map((object) => rowOf(desk, cameras, object, open.get(object.id) ?? null));
}

const NO_COLOUR = "#9aa5b1";

function rowOf(
  { bench, numbering }: Desk,
  cameras: readonly CameraState[],
  object: LabelledObject,
  open: OpenFindings | null,
): ObjectRow {
  const at_ns = bench.clock.at_ns.value;
  const cuboid = bench.toEgo(bench.store.cuboidAt(object, at_ns));
  const key = worldKeyAt(object, at_ns);
  const labelClass = bench.classOf(object);
  const cameraDots = cameras.map((state) => cameraDot(state, object));
  return {
    id: object.id,
    number: numbering.of(object.id),
    classKey: object.class,
    classLabel: labelClass?.label ?? object.class,
    colour: labelClass?.color ?? NO_COLOUR,
    points: pointsIn(bench.cloud.value, cuboid),
    distance_m: cuboid ? Math.hypot(cuboid.center_m[0], cuboid.center_m[1]) : null,
    keys: worldKeys(object).length,
    worst: open?.worst ?? null,
    findings: open?.count ?? 0,
    confirmed: key?.confirmed ?? true,
    here: cuboid !== null || cameraDots.some((dot) => dot !== "none"),
    isStatic: object.motion === "static",
    dots: [lidarDot(key, cuboid), ...cameraDots],
  };
}

function lidarDot(key: Key | null, cuboid: Cuboid | null): Dot {
  if (key) return "keyed";
  return cuboid ? "seen" : "none";
}

function pointsIn(cloud: PointCloud | null, cuboid: Cuboid | null): number | null {
  return cloud && cuboid ? countInside(cloud.grid, cloud.positions, cuboid) : null;
}

/** Those that are here first, nearest first; then the others by number. */
export function inOrder(rows: readonly ObjectRow[]): readonly ObjectRow[] {
  const far = Number.POSITIVE_INFINITY;
  return [...rows].sort((a, b) => {
    if (a.here !== b.here) return a.here ? -1 : 1;
    const nearer = (a.distance_m ?? far) - (b.distance_m ?? far);
    return Number.isFinite(nearer) && nearer !== 0 ? nearer : a.number - b.number;
  });
}

/** New objects: by one click, by a rectangle, by a pixel's ray. Proposals come from a worker; the page never waits. */

import type { AssistDesk } from "../assist/assistants";
import { pointsAround } from "../assist/cloud";
import {
  type ClickRequest,
  clickRequest,
  type PriorArgs,
  type Proposal,
  priorOf,
  SURE_SCORE,
} from "../assist/one-click";
import { ringPitch } from "../assist/pitch";
import { addCuboid, putCuboid, setFields } from "../core/edits";
import type {
  Attributes,
  Cuboid,
  LabelClass,
  LabelledObject,
  ObjectFields,
  ObjId,
  Vec3,
} from "../core/types";
import { egoPositions, type PointCloud } from "../data/points";
import { contains, yaw } from "../math/cuboid";
import { IDENTITY } from "../math/rigid";
import { distance, wrapAngle } from "../math/vec";
import type { Bench } from "./bench";

export interface Seed {
  readonly at_m: Vec3;
  /** Where it looks, from the gesture; null when the gesture says nothing. */
  readonly heading_rad: number | null;
  /** Only these points count, x y z after one another; null: all around the seed. */
  readonly points: Float32Array<ArrayBuffer> | null;
}

const REACH_FACTORS: readonly number[] = [1, 1.8, 3];
const LONGEST_REACH_M = 0.9;

/** How far round an expected cuboid its points are looked for. */
const REFINE_MARGIN_M = 0.6;
const FEWEST_TO_REFINE = 12;
/** A fit that goes further than this has found something else. */
const MOST_MOVED_M = 1.2;
const MOST_TURNED_RAD = 0.35;
const LONGEST_WAIT_MS = 800;

const pitches = new WeakMap<PointCloud, number>();

function pitchOf(cloud: PointCloud): number {
  const known = pitches.get(cloud);
  if (known !== undefined) return known;
  const made = ringPitch(egoPositions(cloud.frame, IDENTITY), cloud.frame.ring);
  pitches.set(cloud, made);
  return made;
}

/** What the guideline gives a new object of a class. */
export function startingFields(bench: Bench, labelClass: LabelClass): ObjectFields {
  const { attributes } = bench.scene.manifest.guideline.document.taxonomy;
  const given = attributes.filter(
    ({ scope, classes, default: value }) =>
      scope === "object" &&
      value !== null &&
      (classes.length === 0 || classes.includes(labelClass.key)),
  );
  const values: Attributes = Object.fromEntries(given.map((each) => [each.key, each.default]));
  return { class: labelClass.key, attributes: values, motion: "dynamic", size_locked: false };
}

/** What was made last: when its class changes at once, it is fitted again as that class. */
interface Fresh {
  readonly id: ObjId;
  readonly seed: Seed;
  readonly frame: number;
}

function nearestTo(points: readonly Vec3[], place_m: Vec3): Vec3 | null {
  let best: Vec3 | null = null;
  for (const point of points) {
    if (!best || distance(point, place_m) < distance(best, place_m)) best = point;
  }
  return best;
}

export class Creator {
  private fresh: Fresh | null = null;

  constructor(
    private readonly bench: Bench,
    private readonly assist: AssistDesk,
  ) {}

  /** Makes an object of the current class from a seed, or chooses the one that is there already. */
  async create(seed: Seed): Promise<void> {
    const { bench } = this;
    const labelClass = bench.currentClass;
    if (!labelClass || !bench.editor.canEdit.peek()) return;
    const taken = seed.points ? null : this.objectAt(seed.at_m);
    if (taken) {
      bench.selection.select(taken);
      return;
    }
    const frame = bench.clock.frame.peek();
    const proposal = await this.propose(labelClass, seed);
    if (!proposal || bench.clock.frame.peek() !== frame) return;
    const { id, ops } = addCuboid({
      fields: startingFields(bench, labelClass),
      at_ns: bench.clock.at_ns.peek(),
      cuboid: bench.toWorld(proposal.cuboid),
      origin: "fit",
    });
    const saved = bench.editor.commit({ label: `New ${labelClass.label.toLowerCase()}`, ops });
    bench.selection.select(id);
    this.fresh = { id, seed, frame };
    this.warn(proposal);
    await saved;
  }

  /** Gives the chosen object a class; one that was made a moment ago is fitted again as that class. */
  async reclass(labelClass: LabelClass): Promise<void> {
    const { bench, fresh } = this;
    const object = bench.selected.peek();
    if (!object || object.class === labelClass.key) return;
    const ops = setFields(object, { class: labelClass.key });
    const isFresh =
      fresh?.id === object.id &&
      fresh.frame === bench.clock.frame.peek() &&
      this.isUntouched(object.id);
    const proposal = isFresh ? await this.propose(labelClass, fresh.seed) : null;
    const at_ns = bench.clock.at_ns.peek();
    const refitted = proposal
      ? putCuboid(object, at_ns, bench.toWorld(proposal.cuboid), "fit")
      : [];
    await bench.editor.commit({
      label: `Class ${labelClass.label.toLowerCase()}`,
      ops: [...ops, ...refitted],
    });
  }

  /** Nothing but its making and its class has been done to it. */
  private isUntouched(id: ObjId): boolean {
    const keys = this.bench.store.committed.peek().get(id)?.streams["world/cuboid"] ?? [];
    return keys.length === 1 && keys[0]?.origin === "fit";
  }

  /** Waits for the shown frame's points, but not for long. */
  async cloudHere(): Promise<void> {
    const { bench } = this;
    const lidar = bench.scene.lidars[0];
    if (bench.cloud.peek() || !lidar) return;
    const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
    const cloud = bench.assets.cloud(bench.clock.frame.peek(), lidar.key).catch(() => null);
    await Promise.race([cloud, late]);
  }

  /** A cuboid of known size moved and turned to the points near it; null where they do not say enough, or say too much. */
  async refined(object: LabelledObject, expected_ego: Cuboid): Promise<Cuboid | null> {
    const cloud = this.bench.cloud.peek();
    if (!cloud) return null;
    const near = pointsAround(cloud, expected_ego, REFINE_MARGIN_M);
    const seed = nearestTo(near, expected_ego.center_m);
    if (!seed || near.length < FEWEST_TO_REFINE) return null;
    const standard = this.bench.store.standardOf(object);
    const request = this.request(cloud, seed, {
      standard,
      track_m: expected_ego.size_m,
      heading_rad: yaw(expected_ego),
    });
    const proposal = request ? await this.askWidening(request) : null;
    if (!proposal || proposal.count < FEWEST_TO_REFINE) return null;
    const moved = distance(proposal.cuboid.center_m, expected_ego.center_m);
    const turned = Math.abs(wrapAngle(yaw(proposal.cuboid) - yaw(expected_ego)));
    const agrees = moved < MOST_MOVED_M && turned < MOST_TURNED_RAD;
    return agrees ? { ...proposal.cuboid, size_m: expected_ego.size_m } : null;
  }

  private async propose(labelClass: LabelClass, seed: Seed): Promise<Proposal | null> {
    const cloud = this.bench.cloud.peek();
    const standard = this.bench.store.standards.of(labelClass.key);
    const request =
      cloud && this.request(cloud, seed.at_m, { standard, heading_rad: seed.heading_rad });
    if (!request) return null;
    // Who draws a rectangle has said what belongs together: only gaps wider than any surface's part it.
    return seed.points
      ? this.assist.oneClick({ ...request, points: seed.points.slice(), reach_m: LONGEST_REACH_M })
      : this.askWidening(request);
  }

  private request(cloud: PointCloud, seed_m: Vec3, prior: PriorArgs): ClickRequest | null {
    const { scene } = this.bench;
    const lidar = scene.lidars[0];
    if (!lidar) return null;
    return clickRequest({
      cloud,
      seed_m,
      prior: priorOf(prior),
      sensor_m: scene.egoFrom(lidar.key).translation_m,
      pitch_rad: pitchOf(cloud),
    });
  }

  /** Flat roofs and far things have their points further apart than the sensor's rings say: then longer steps are tried. */
  private async askWidening(request: ClickRequest): Promise<Proposal | null> {
    let proposal: Proposal | null = null;
    for (const factor of REACH_FACTORS) {
      const reach_m = Math.min(request.reach_m * factor, LONGEST_REACH_M);
      // The worker takes the points with it: each question needs its own.
      proposal = await this.assist.oneClick({
        ...request,
        points: request.points.slice(),
        reach_m,
      });
      if (!proposal || proposal.count > 0) break;
    }
    return proposal;
  }

  /** The object whose cuboid holds a place. */
  private objectAt(place_m: Vec3): ObjId | null {
    const { bench } = this;
    const at_ns = bench.clock.at_ns.peek();
    for (const object of bench.store.committed.peek().values()) {
      const cuboid = bench.toEgo(bench.store.cuboidAt(object, at_ns));
      if (cuboid && contains(cuboid, place_m)) return object.id;
    }
    return null;
  }

  private warn({ score, count }: Proposal): void {
    if (count === 0)
      this.bench.editor.notify("info", "Too few points there: it has its class's usual size.");
    else if (score < SURE_SCORE) {
      this.bench.editor.notify(
        "info",
        "Dashed faces are assumed. X flips it, Shift X turns it by 90°.",
      );
    }
  }
}

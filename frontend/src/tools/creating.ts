/** New objects: by one click, by a rectangle, by a pixel's ray. Proposals come from a worker; the page never waits. */

import type { AssistDesk } from "../assist/assistants";
import {
  type ClickRequest,
  clickRequest,
  type Proposal,
  priorOf,
  SURE_SCORE,
} from "../assist/one-click";
import { ringPitch } from "../assist/pitch";
import { addCuboid, putCuboid, setFields } from "../core/edits";
import type { Attributes, LabelClass, ObjectFields, ObjId, Vec3 } from "../core/types";
import { egoPositions, type PointCloud } from "../data/points";
import { contains } from "../math/cuboid";
import { IDENTITY } from "../math/rigid";
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

  private async propose(labelClass: LabelClass, seed: Seed): Promise<Proposal | null> {
    const { bench } = this;
    const cloud = bench.cloud.peek();
    const lidar = bench.scene.lidars[0];
    if (!cloud || !lidar) return null;
    const standard = bench.store.standards.of(labelClass.key);
    const request = clickRequest({
      cloud,
      seed_m: seed.at_m,
      prior: priorOf({ standard, heading_rad: seed.heading_rad }),
      sensor_m: bench.scene.egoFrom(lidar.key).translation_m,
      pitch_rad: pitchOf(cloud),
    });
    return this.askWidening({ ...request, points: seed.points ?? request.points });
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

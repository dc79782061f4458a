/** What a camera sees of the labels at its own time: wireframes and boxes, reckoned once for each state of an object. */

import type { DocumentStore } from "../../core/document";
import type { Observation } from "../../core/evaluate";
import type { Scene } from "../../core/scene";
import type { AtNs, LabelledObject, SensorKey } from "../../core/types";
import { transformed } from "../../math/cuboid";
import type { BoxPx } from "../../math/iou";
import { type EdgeLine, edgeLines } from "../../math/projection";

export interface Seen {
  readonly object: LabelledObject;
  readonly observation: Observation;
  readonly lines: readonly EdgeLine[];
  readonly depth_m: number;
}

/** Parts of an edge where the lens bends lines. */
const BENT_PARTS = 8;

interface Kept {
  readonly at_ns: AtNs;
  readonly seen: Seen | null;
}

/** One per camera; objects are immutable, so what was reckoned for one holds until it is replaced. */
export class Sight {
  private readonly kept = new WeakMap<LabelledObject, Kept>();

  constructor(
    private readonly scene: Scene,
    private readonly store: DocumentStore,
    readonly sensor: SensorKey,
  ) {}

  of(object: LabelledObject, at_ns: AtNs): Seen | null {
    const known = this.kept.get(object);
    if (known && known.at_ns === at_ns) return known.seen;
    const seen = this.reckon(object, at_ns);
    this.kept.set(object, { at_ns, seen });
    return seen;
  }

  private reckon(object: LabelledObject, at_ns: AtNs): Seen | null {
    const observation = this.store.observation(object, this.sensor, at_ns);
    const camera = this.scene.camera(this.sensor)?.camera;
    if (!observation || !camera) return null;
    const cuboid = this.store.cuboidAt(object, at_ns);
    if (!cuboid) return { object, observation, lines: [], depth_m: Number.POSITIVE_INFINITY };
    const inCamera = transformed(this.scene.sensorFromWorld(this.sensor, at_ns), cuboid);
    const parts = camera.model === "pinhole" ? 1 : BENT_PARTS;
    return {
      object,
      observation,
      lines: edgeLines(camera, inCamera, parts),
      depth_m: inCamera.center_m[2],
    };
  }
}

/** Visible area of an object in a camera, in pixels; 0 where it is not seen. */
export function seenArea({ observation }: Seen): number {
  const box = observation.box_px;
  return box ? Math.max(box[2] - box[0], 0) * Math.max(box[3] - box[1], 0) : 0;
}

/** The smallest box under a pixel. */
export function seenUnder(all: readonly Seen[], [u, v]: readonly [number, number]): Seen | null {
  const hits = all.filter((seen) => contains(seen.observation.box_px, u, v));
  return hits.reduce<Seen | null>(
    (best, seen) => (best && seenArea(best) <= seenArea(seen) ? best : seen),
    null,
  );
}

function contains(box: BoxPx | null, u: number, v: number): boolean {
  return box !== null && u >= box[0] && u <= box[2] && v >= box[1] && v <= box[3];
}

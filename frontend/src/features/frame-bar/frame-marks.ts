/** What the frame bar marks: keys and life of the chosen object, the worst finding of each frame. */

import { worldKeys } from "../../core/evaluate";
import type { Scene } from "../../core/scene";
import type { Finding, Key, Severity } from "../../core/types";
import type { Desk } from "../../views/desk";

export interface KeyMark {
  readonly frame: number;
  readonly confirmed: boolean;
  readonly absent: boolean;
}

export interface FrameMarks {
  readonly colour: string;
  readonly keys: readonly KeyMark[];
  /** First and last frame of each stretch in which the object is there. */
  readonly life: readonly (readonly [number, number])[];
  readonly worst: ReadonlyMap<number, Severity>;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** The worst open finding of each frame. */
export function worstByFrame(
  scene: Scene,
  findings: readonly Finding[],
): ReadonlyMap<number, Severity> {
  const worst = new Map<number, Severity>();
  for (const { state, at_ns, severity } of findings) {
    if (state !== "open" || at_ns === null) continue;
    const frame = scene.frameIndexAt(at_ns);
    const known = worst.get(frame);
    if (!known || RANK[severity] > RANK[known]) worst.set(frame, severity);
  }
  return worst;
}

/** Stretches between keys without an absence. */
export function lifeOf(
  scene: Scene,
  keys: readonly Key[],
): readonly (readonly [number, number])[] {
  const stretches: (readonly [number, number])[] = [];
  let start: number | null = null;
  let last = 0;
  for (const key of keys) {
    const frame = scene.frameIndexAt(key.at_ns);
    if (key.absent && start !== null) {
      stretches.push([start, frame]);
      start = null;
    } else if (!key.absent) {
      start ??= frame;
      last = frame;
    }
  }
  if (start !== null) stretches.push([start, last]);
  return stretches;
}

export function frameMarks({ bench, findings }: Desk): FrameMarks {
  const object = bench.selected.value;
  const keys = object ? worldKeys(object) : [];
  return {
    colour: bench.classOf(object)?.color ?? "#9aa5b1",
    keys: keys.map((key) => ({
      frame: bench.scene.frameIndexAt(key.at_ns),
      confirmed: key.confirmed,
      absent: key.absent,
    })),
    life: lifeOf(bench.scene, keys),
    worst: worstByFrame(bench.scene, findings.value),
  };
}

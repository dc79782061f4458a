/**
 * The local tier: after each edit the touched objects are checked in the frames that the edit is about, and what is
 * found stands in the panel in place of the server's word until the server has its own.
 */

import type { DocumentChange, DocumentStore } from "../core/document";
import type { Footprint } from "../core/footprint";
import { computed, type ReadonlySignal, type Signal, signal, untracked } from "../core/signals";
import type { Finding, LabelledObject, ObjId, Severity } from "../core/types";
import { type CloudSource, Run } from "./context";
import { imageChecks } from "./in-image";
import { pointChecks } from "./in-points";
import { groundCheck, motionChecks, overlapChecks, sizeChecks } from "./in-world";
import { type Cause, placeOf } from "./raised";

/** One object in one frame. */
interface Scope {
  readonly object: ObjId;
  readonly frame: number;
  readonly findings: readonly Finding[];
  /** Checks that could not be run. */
  readonly unasked: ReadonlySet<string>;
}

export interface RunnerParts {
  readonly store: DocumentStore;
  /** The frame on the screen. */
  readonly frame: ReadonlySignal<number>;
  readonly cloud: CloudSource;
  /** For measuring how long a run takes; performance.now in the browser. */
  readonly now_ms?: () => number;
}

const TRACK_CHECKS = new Set(["size.prior", "size.track", "kin.speed", "kin.yawrate"]);
const PAIR_CHECKS = new Set(["dup.overlap", "link.class"]);

function scopeKey(object: ObjId, frame: number): string {
  return `${object} ${frame}`;
}

export class CheckRunner {
  /** What the panel shows: the server's findings, and the browser's own where they are newer. */
  readonly findings: ReadonlySignal<readonly Finding[]>;
  /** Of the last run after an edit. */
  lastRun_ms = 0;
  private readonly parts: RunnerParts;
  private readonly scopes: Signal<ReadonlyMap<string, Scope>> = signal(new Map());
  /** Objects that were deleted here and not there yet. */
  private readonly deleted: Signal<ReadonlySet<ObjId>> = signal(new Set());
  private readonly stop: () => void;

  constructor(parts: RunnerParts) {
    this.parts = parts;
    this.findings = computed(() => this.shown());
    this.stop = parts.store.onChange((change) => this.changed(change));
  }

  dispose(): void {
    this.stop();
  }

  /** Checks one object in one frame as the screen shows it, a drag included; for hints while dragging. */
  hints(object: ObjId, frame: number): readonly Finding[] {
    const shown = this.parts.store.objects.value.get(object);
    return shown ? this.check(shown, frame, this.parts.store.objects.value).found : [];
  }

  /** Checks an object in a frame anew and shows what is found, as after an edit. */
  recheck(object: ObjId, frame: number): void {
    this.run([[object, frame]]);
  }

  private check(
    object: LabelledObject,
    frame: number,
    objects = this.parts.store.committed.peek(),
  ): Run {
    const { store, cloud } = this.parts;
    const was = untracked(() => this.severities());
    const run = new Run({
      scene: store.scene,
      standards: store.standards,
      objects,
      object,
      frame,
      cloud,
      was: (cause: Cause) => was.get(placeOf(cause)) ?? null,
    });
    sizeChecks(run);
    motionChecks(run);
    groundCheck(run);
    overlapChecks(run);
    pointChecks(run);
    imageChecks(run);
    return run;
  }

  /** Severity of the living finding at each place, for hysteresis. */
  private severities(): ReadonlyMap<string, Severity> {
    return new Map(
      this.findings.value
        .filter((finding) => finding.source === "check" && finding.state === "open")
        .map((finding) => [placeOf(finding), finding.severity]),
    );
  }

  private changed({ source, footprints }: DocumentChange): void {
    if (source === "saved") this.forgetSaved(footprints);
    if (source === "mine" || source === "load") this.rerun(footprints);
  }

  /** The server has spoken on these: ours go, but for objects with more that it has not seen. */
  private forgetSaved(footprints: readonly Footprint[]): void {
    const waiting = new Set(
      this.parts.store.pending.flatMap((each) => each.ops).map((op) => op.obj),
    );
    const settled = new Set(
      footprints.map(({ obj }) => obj).filter((object) => !waiting.has(object)),
    );
    this.scopes.value = new Map(
      [...this.scopes.peek()].filter(([, scope]) => !settled.has(scope.object)),
    );
    this.deleted.value = new Set(
      [...this.deleted.peek()].filter((object) => !settled.has(object)),
    );
  }

  private rerun(footprints: readonly Footprint[]): void {
    const { store } = this.parts;
    const present = this.parts.frame.peek();
    const asked = new Map<string, readonly [ObjId, number]>();
    const ask = (object: ObjId, frame: number) => {
      asked.set(scopeKey(object, frame), [object, frame]);
    };
    for (const { obj, at_ns } of footprints) {
      ask(obj, present);
      if (at_ns !== null) ask(obj, store.scene.frameIndexAt(at_ns));
    }
    for (const { object, frame, findings } of this.scopes.peek().values()) {
      // A neighbour's word on a pair may no longer hold.
      if (findings.some(({ check }) => PAIR_CHECKS.has(check))) ask(object, frame);
    }
    if (footprints.length > 0) this.run([...asked.values()]);
  }

  private run(asked: readonly (readonly [ObjId, number])[]): void {
    const now_ms = this.parts.now_ms ?? (() => 0);
    const began_ms = now_ms();
    const objects = this.parts.store.committed.peek();
    const scopes = new Map(this.scopes.peek());
    const deleted = new Set(this.deleted.peek());
    for (const [id, frame] of asked) {
      const object = objects.get(id);
      if (object) {
        deleted.delete(id);
        const { found: findings, unasked } = this.check(object, frame);
        scopes.set(scopeKey(id, frame), { object: id, frame, findings, unasked });
      } else deleted.add(id);
    }
    this.scopes.value = new Map([...scopes].filter(([, { object }]) => objects.has(object)));
    this.deleted.value = deleted;
    this.lastRun_ms = now_ms() - began_ms;
  }

  private shown(): readonly Finding[] {
    const server = this.parts.store.findings.value;
    const scopes = [...this.scopes.value.values()];
    const deleted = this.deleted.value;
    const kept = server.filter(
      (finding) => !isGone(finding, deleted) && !this.isAskedAnew(finding, scopes),
    );
    const taken = new Set(kept.map(placeOf));
    const own = new Map(
      scopes.flatMap((scope) => scope.findings).map((finding) => [finding.id, finding]),
    );
    const fresh = [...own.values()].filter((finding) => !taken.has(placeOf(finding)));
    return [...kept, ...fresh];
  }

  /** Whether a check was run here after what the server's finding is about was changed. */
  private isAskedAnew(finding: Finding, scopes: readonly Scope[]): boolean {
    if (finding.source !== "check" || finding.state !== "open") return false;
    const own = scopes.filter(
      (scope) => scope.object === finding.object_id && !scope.unasked.has(finding.check),
    );
    if (TRACK_CHECKS.has(finding.check)) return own.length > 0;
    const { at_ns } = finding;
    if (at_ns === null) return false;
    return own.some((scope) => this.timesOf(scope.frame).includes(at_ns));
  }

  private timesOf(frame: number): readonly number[] {
    const { scene } = this.parts.store;
    const captures = Object.values(scene.frame(frame)?.captures ?? {});
    return [scene.keyTime(frame), ...captures.map((capture) => capture.at_ns)];
  }
}

function isGone(finding: Finding, deleted: ReadonlySet<ObjId>): boolean {
  return finding.object_id !== null && deleted.has(finding.object_id);
}

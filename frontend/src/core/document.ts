/** The labels of one scene as this person sees them: what the server has, what is not sent yet, what a drag shows. */

import type { Evaluated } from "../math/trajectory";
import { type Observation, observe, trajectoryOf } from "./evaluate";
import { type Footprint, footprintsOf } from "./footprint";
import { type ClassStandard, Standards } from "./limits";
import { applied, type Objects } from "./ops";
import type { Scene } from "./scene";
import { batch, computed, type ReadonlySignal, type Signal, signal } from "./signals";
import { stacked, type Unapplied } from "./stack";
import type {
  AtNs,
  ChangeSet,
  Cuboid,
  Finding,
  LabelClass,
  LabelDocument,
  LabelledObject,
  Lease,
  Mode,
  ObjId,
  Op,
  Residual,
  SaveAnswer,
  SensorKey,
  Task,
} from "./types";

/** This person's hand (or undo), somebody else, a fresh load; "saved" is no change but the server's word on mine. */
export type ChangeSource = "mine" | "theirs" | "load" | "saved";

export interface DocumentChange {
  readonly source: ChangeSource;
  readonly footprints: readonly Footprint[];
}

export type ChangeListener = (change: DocumentChange) => void;

export function residualKey(object_id: ObjId, sensor_key: SensorKey, at_ns: AtNs): string {
  return `${object_id} ${sensor_key} ${at_ns}`;
}

function byId(objects: readonly LabelledObject[]): Objects {
  return new Map(objects.map((object) => [object.id, object]));
}

function byPlace(residuals: readonly Residual[]): ReadonlyMap<string, Residual> {
  return new Map(residuals.map((r) => [residualKey(r.object_id, r.sensor_key, r.at_ns), r]));
}

function opsOf(changesets: readonly ChangeSet[]): readonly Op[] {
  return changesets.flatMap((each) => each.ops);
}

export class DocumentStore {
  readonly task: Signal<Task>;
  readonly mode: Signal<Mode>;
  readonly lease: Signal<Lease | null>;
  readonly version: ReadonlySignal<number>;
  /** With what is not sent yet, without what a drag shows. */
  readonly committed: ReadonlySignal<Objects>;
  /** What the screen shows: committed, and the drag on top. */
  readonly objects: ReadonlySignal<Objects>;
  /** The server's findings and people's comments; what the browser finds itself is in the check runner. */
  readonly findings: ReadonlySignal<readonly Finding[]>;
  readonly residuals: ReadonlySignal<ReadonlyMap<string, Residual>>;
  readonly classes: ReadonlyMap<string, LabelClass>;
  readonly standards: Standards;

  private base: Objects;
  private unsent: readonly ChangeSet[] = [];
  private readonly versionSignal: Signal<number>;
  private readonly committedSignal: Signal<Objects>;
  private readonly previewSignal = signal<readonly Op[]>([]);
  private readonly findingsSignal: Signal<readonly Finding[]>;
  private readonly residualsSignal: Signal<ReadonlyMap<string, Residual>>;
  private readonly objectSignals = new Map<ObjId, ReadonlySignal<LabelledObject | null>>();
  private readonly listeners = new Set<ChangeListener>();

  constructor(
    readonly scene: Scene,
    document: LabelDocument,
  ) {
    this.base = byId(document.objects);
    this.task = signal(document.task);
    this.mode = signal(document.mode);
    this.lease = signal(document.lease);
    this.versionSignal = signal(document.version);
    this.version = this.versionSignal;
    this.committedSignal = signal(this.base);
    this.committed = this.committedSignal;
    this.objects = computed(() => applied(this.committedSignal.value, this.previewSignal.value));
    this.findingsSignal = signal(document.findings);
    this.findings = this.findingsSignal;
    this.residualsSignal = signal(byPlace(document.residuals));
    this.residuals = this.residualsSignal;
    const { classes } = scene.manifest.guideline.document.taxonomy;
    this.classes = new Map(classes.map((each) => [each.key, each]));
    this.standards = new Standards(scene.manifest.guideline.document);
  }

  /** One object, followed alone: its readers wake only when it changes. */
  object(id: ObjId): ReadonlySignal<LabelledObject | null> {
    const known = this.objectSignals.get(id);
    if (known) return known;
    const made = computed(() => this.objects.value.get(id) ?? null);
    this.objectSignals.set(id, made);
    return made;
  }

  /** The guideline's own words on the object's class; null for one that it dropped. */
  classOf(object: LabelledObject): LabelClass | null {
    return this.classes.get(object.class) ?? null;
  }

  /** What is usual for the object's class. */
  standardOf(object: LabelledObject): ClassStandard {
    return this.standards.of(object.class);
  }

  /** Where an object is in the world at a time, and how fast. */
  evaluate(object: LabelledObject, at_ns: AtNs): Evaluated | null {
    return trajectoryOf(object, this.standardOf(object).isVehicle).at(at_ns);
  }

  cuboidAt(object: LabelledObject, at_ns: AtNs): Cuboid | null {
    return this.evaluate(object, at_ns)?.cuboid ?? null;
  }

  /** An object in a camera at one of that camera's own times. */
  observation(object: LabelledObject, sensor: SensorKey, at_ns: AtNs): Observation | null {
    const cuboid = this.cuboidAt(object, at_ns);
    return observe({ scene: this.scene, object, sensor, at_ns, cuboid });
  }

  /** What is not yet acknowledged by the server, oldest first. */
  get pending(): readonly ChangeSet[] {
    return this.unsent;
  }

  onChange(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Shows operations without making them: a drag. Throws OpMismatch and keeps the old preview when they do not fit. */
  preview(ops: readonly Op[]): void {
    applied(this.committedSignal.peek(), ops);
    this.previewSignal.value = ops;
  }

  clearPreview(): void {
    if (this.previewSignal.peek().length > 0) this.previewSignal.value = [];
  }

  /** Puts a change set on top; one with the same id is replaced. Throws OpMismatch and changes nothing when it does not fit. */
  add(changeset: ChangeSet): void {
    const last = this.unsent.findIndex((each) => each.id === changeset.id);
    const unsent = last < 0 ? [...this.unsent, changeset] : this.unsent.with(last, changeset);
    const from = last < 0 ? this.committedSignal.peek() : this.base;
    const rest = last < 0 ? [changeset] : unsent;
    const next = rest.reduce((objects, each) => applied(objects, each.ops), from);
    this.unsent = unsent;
    batch(() => {
      this.previewSignal.value = [];
      this.committedSignal.value = next;
    });
    this.tell("mine", changeset.ops);
  }

  /** Puts what survived a reload back on top; what does not fit is kept for sending and not shown. */
  restore(changesets: readonly ChangeSet[]): readonly Unapplied[] {
    const known = new Set(this.unsent.map((each) => each.id));
    this.unsent = [...this.unsent, ...changesets.filter((each) => !known.has(each.id))];
    const { objects, unapplied } = stacked(this.base, this.unsent);
    this.committedSignal.value = objects;
    this.tell(
      "load",
      changesets.flatMap((each) => each.ops),
    );
    return unapplied;
  }

  /** The server took these, others' in between; what it has saved stands in its own order and its own words. */
  acknowledge(answer: SaveAnswer): readonly Unapplied[] {
    const versions = new Map(answer.accepted.map((each) => [each.id, each.version]));
    const told = new Set(answer.since.map((each) => each.id));
    const mine = this.unsent
      .filter((each) => versions.has(each.id) && !told.has(each.id))
      .map((each) => ({ ...each, version: versions.get(each.id) ?? answer.version }));
    const before = this.versionSignal.peek();
    const below = [...answer.since, ...mine]
      .filter((each) => each.version > before)
      .toSorted((a, b) => a.version - b.version);
    const known = new Set(this.unsent.map((each) => each.id));
    const rest = this.unsent.filter((each) => !versions.has(each.id) && !told.has(each.id));
    const unapplied = this.settle(below, rest, answer.version);
    const theirs = below.filter((each) => !known.has(each.id));
    this.receiveFindings(answer.findings);
    this.receiveResiduals(answer.residuals);
    const ours = below.filter((each) => known.has(each.id));
    this.tell("saved", opsOf(ours));
    if (theirs.length > 0) this.tell("theirs", opsOf(theirs));
    return unapplied;
  }

  /** What was saved up to a version goes below what is not sent yet; `pending` may be given anew, without what is in conflict. */
  rebaseOnto(
    theirs: readonly ChangeSet[],
    version: number,
    pending: readonly ChangeSet[] = this.unsent,
  ): readonly Unapplied[] {
    const below = version > this.versionSignal.peek() ? theirs : [];
    const saved = new Set(below.map((each) => each.id));
    const known = new Set(this.unsent.map((each) => each.id));
    const rest = pending.filter((each) => !saved.has(each.id));
    const unapplied = this.settle(below, rest, version);
    const foreign = below.filter((each) => !known.has(each.id));
    if (below.length > 0) this.tell("theirs", opsOf(foreign));
    return unapplied;
  }

  /** Everything anew from the server; what is not sent yet stays on top. */
  replace(document: LabelDocument): readonly Unapplied[] {
    this.base = byId(document.objects);
    const { objects, unapplied } = stacked(this.base, this.unsent);
    batch(() => {
      this.task.value = document.task;
      this.mode.value = document.mode;
      this.lease.value = document.lease;
      this.versionSignal.value = document.version;
      this.findingsSignal.value = document.findings;
      this.residualsSignal.value = byPlace(document.residuals);
      this.previewSignal.value = [];
      this.committedSignal.value = objects;
    });
    this.tell("load", []);
    return unapplied;
  }

  /** Leaves change sets out: they went to a conflict card or a draft. */
  drop(ids: ReadonlySet<string>): void {
    const gone = this.unsent.filter((each) => ids.has(each.id));
    this.unsent = this.unsent.filter((each) => !ids.has(each.id));
    this.committedSignal.value = stacked(this.base, this.unsent).objects;
    this.tell(
      "mine",
      gone.flatMap((each) => each.ops),
    );
  }

  receiveFindings(delta: SaveAnswer["findings"]): void {
    const gone = new Set<Finding["id"]>(delta.closed);
    const fresh = [...delta.updated, ...delta.opened];
    for (const finding of fresh) gone.add(finding.id);
    const kept = this.findingsSignal.peek().filter((finding) => !gone.has(finding.id));
    this.findingsSignal.value = [...kept, ...fresh];
  }

  replaceFindings(findings: readonly Finding[]): void {
    this.findingsSignal.value = findings;
  }

  receiveResiduals(residuals: readonly Residual[]): void {
    if (residuals.length === 0) return;
    const touched = new Set(residuals.map((each) => each.object_id));
    const kept = [...this.residualsSignal.peek().values()].filter(
      (each) => !touched.has(each.object_id),
    );
    this.residualsSignal.value = byPlace([...kept, ...residuals]);
  }

  private settle(
    below: readonly ChangeSet[],
    rest: readonly ChangeSet[],
    version: number,
  ): readonly Unapplied[] {
    const base = stacked(this.base, below);
    this.base = base.objects;
    this.unsent = rest;
    const { objects, unapplied } = stacked(this.base, rest);
    batch(() => {
      this.versionSignal.value = Math.max(version, this.versionSignal.peek());
      this.committedSignal.value = objects;
      if (!this.fits(objects, this.previewSignal.peek())) this.previewSignal.value = [];
    });
    return unapplied;
  }

  private fits(objects: Objects, ops: readonly Op[]): boolean {
    return stacked(objects, [{ id: "", label: "", made_at: "", ops }]).unapplied.length === 0;
  }

  private tell(source: ChangeSource, ops: readonly Op[]): void {
    const change = { source, footprints: footprintsOf(ops) };
    for (const listener of this.listeners) listener(change);
  }
}

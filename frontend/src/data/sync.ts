/** Between the outbox and the server: saves what waits, catches up with others, says how things stand. */

import type { CaughtUp } from "../api/calls";
import { backoff_ms, isAway } from "../api/client";
import {
  Conflicted,
  type ConflictProblem,
  Invalid,
  Locked,
  Refused,
  SignedOut,
} from "../api/problems";
import { type Choice, type ConflictCard, partedFrom, resolution } from "../core/conflicts";
import type { DocumentStore } from "../core/document";
import type { ChangeSink, Editor, Notice } from "../core/editor";
import { newId } from "../core/ops";
import { computed, type ReadonlySignal, type Signal, signal } from "../core/signals";
import type {
  ChangeSet,
  CommittedChangeSet,
  LabelDocument,
  Op,
  SaveAnswer,
  SaveRequest,
} from "../core/types";
import type { Outbox } from "./outbox";
import type { RefusedRow, Shelf } from "./shelf";

/** How saving stands, for the chip in the title bar. */
export type SaveStatus =
  | { readonly kind: "saved"; readonly version: number }
  | { readonly kind: "saving"; readonly waiting: number }
  | { readonly kind: "offline"; readonly waiting: number }
  | { readonly kind: "signed-out"; readonly waiting: number }
  | { readonly kind: "conflict"; readonly cards: number }
  /** The edits were kept as drafts; the labels are read-only from here. */
  | { readonly kind: "lost-lease"; readonly reason: string; readonly drafts: number };

/** What of the server saving needs. */
export interface SaveCalls {
  save(taskId: number, request: SaveRequest): Promise<SaveAnswer>;
  changesSince(taskId: number, version: number): Promise<CaughtUp>;
  document(taskId: number): Promise<LabelDocument>;
}

export interface Timers {
  readonly set: (run: () => void, ms: number) => number;
  readonly clear: (id: number) => void;
  readonly now_ms: () => number;
  readonly random: () => number;
}

export interface SyncParts {
  readonly taskId: number;
  readonly store: DocumentStore;
  readonly outbox: Outbox;
  readonly shelf: Shelf;
  readonly calls: SaveCalls;
  readonly timers: Timers;
  readonly notify: (kind: Notice["kind"], text: string) => void;
  /** Whether this tab has the pen: another one does the saving when not. */
  readonly holdsPen: () => boolean;
}

export const QUIET_MS = 300;
export const LONGEST_WAIT_MS = 2000;
export const MOST_OPS_A_SAVE = 200;

type Trouble = "none" | "offline" | "signed-out" | "lost";

export class Sync implements ChangeSink {
  readonly status: ReadonlySignal<SaveStatus>;
  readonly cards: ReadonlySignal<readonly ConflictCard[]>;
  /** False once the lease is lost. */
  readonly writable: ReadonlySignal<boolean>;
  /** One for each tab: leases are held by it. */
  readonly session = newId();

  private readonly waitingSignal: Signal<number>;
  private readonly troubleSignal: Signal<Trouble> = signal("none");
  private readonly cardsSignal: Signal<readonly ConflictCard[]> = signal([]);
  private readonly drafts: Signal<number> = signal(0);
  private lostBecause = "";
  /** Once sent, a change set may have been saved though nobody said so: it is not changed any more. */
  private readonly tried = new Set<string>();
  private turn: Promise<void> = Promise.resolve();
  private timer: number | null = null;
  private firstWaiting_ms: number | null = null;
  private failures = 0;

  constructor(private readonly parts: SyncParts) {
    this.waitingSignal = signal(parts.outbox.size);
    this.cards = this.cardsSignal;
    this.writable = computed(() => this.troubleSignal.value !== "lost");
    this.status = computed(() => this.statusNow());
  }

  /** Takes up what an earlier tab left: gestures, and cards that nobody has decided. */
  async resume(): Promise<void> {
    const { store, outbox, shelf, taskId } = this.parts;
    await outbox.load();
    this.cardsSignal.value = (await shelf.get("cards", taskId)) ?? [];
    if (outbox.size === 0) return;
    store.restore(outbox.changesets);
    this.waitingSignal.value = outbox.size;
    this.schedule();
  }

  async append(changeset: ChangeSet): Promise<void> {
    const { outbox, store } = this.parts;
    this.waitingSignal.value = outbox.size + 1;
    await outbox.append(changeset, store.lease.peek()?.token ?? 0);
    this.schedule();
  }

  canAmend(id: string): boolean {
    return this.parts.outbox.has(id) && !this.tried.has(id);
  }

  async amend(changeset: ChangeSet): Promise<void> {
    await this.parts.outbox.amend(changeset);
    this.schedule();
  }

  /** Saves all that waits now; resolves when it has gone or cannot go. */
  flush(): Promise<void> {
    this.cancelTimer();
    return this.inTurn(() => this.saveAll());
  }

  /** Another tab has taken the pen. */
  rest(): void {
    this.cancelTimer();
    this.parts.outbox.forget();
    this.waitingSignal.value = 0;
  }

  /** Fetches what others saved; call when the socket says that the scene changed, with the version that it names. */
  pull(version: number = Number.POSITIVE_INFINITY): Promise<void> {
    return this.inTurn(async () => {
      if (this.parts.store.version.peek() >= version) return;
      try {
        await this.catchUp();
        this.recovered();
      } catch (error) {
        await this.fail(error, []);
      }
    });
  }

  /** The network is back, or somebody has signed in again. */
  retry(): Promise<void> {
    this.failures = 0;
    return this.flush();
  }

  /** A person has decided: mine is made again on top, or let go. */
  async resolve(card: ConflictCard, choice: Choice, editor: Editor): Promise<void> {
    const ops = resolution(card, choice, this.parts.store.committed.peek());
    await this.setCards(this.cardsSignal.peek().filter((each) => each.id !== card.id));
    await editor.commit({ label: card.label, ops });
  }

  /** The heartbeat was refused. */
  loseLease(reason: string): void {
    this.lostBecause = reason;
    this.troubleSignal.value = "lost";
  }

  dispose(): void {
    this.cancelTimer();
  }

  private statusNow(): SaveStatus {
    const waiting = this.waitingSignal.value;
    const trouble = this.troubleSignal.value;
    if (trouble === "lost") {
      return { kind: "lost-lease", reason: this.lostBecause, drafts: this.drafts.value };
    }
    if (trouble !== "none") return { kind: trouble, waiting };
    if (waiting > 0) return { kind: "saving", waiting };
    const cards = this.cardsSignal.value.length;
    return cards > 0
      ? { kind: "conflict", cards }
      : { kind: "saved", version: this.parts.store.version.value };
  }

  /** One thing at a time: a save and a catch-up must not cross. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.turn.then(work);
    this.turn = next.catch(() => undefined);
    return next;
  }

  private schedule(): void {
    if (this.troubleSignal.peek() === "offline" && this.timer !== null) return;
    const { timers } = this.parts;
    const now = timers.now_ms();
    this.firstWaiting_ms ??= now;
    const patience_ms = Math.max(this.firstWaiting_ms + LONGEST_WAIT_MS - now, 0);
    this.setTimer(Math.min(QUIET_MS, patience_ms));
  }

  private setTimer(ms: number): void {
    const { timers } = this.parts;
    if (this.timer !== null) timers.clear(this.timer);
    this.timer = timers.set(() => {
      this.timer = null;
      void this.flush();
    }, ms);
  }

  private cancelTimer(): void {
    if (this.timer !== null) this.parts.timers.clear(this.timer);
    this.timer = null;
    this.firstWaiting_ms = null;
  }

  /** The oldest that waits, as many as fit into one save. */
  private nextBatch(): readonly ChangeSet[] {
    const batch: ChangeSet[] = [];
    let ops = 0;
    for (const changeset of this.parts.outbox.changesets) {
      ops += changeset.ops.length;
      if (batch.length > 0 && ops > MOST_OPS_A_SAVE) break;
      batch.push(changeset);
    }
    return batch;
  }

  private async saveAll(): Promise<void> {
    let goOn = true;
    while (goOn && this.parts.holdsPen()) {
      const batch = this.nextBatch();
      goOn = batch.length > 0 && (await this.send(batch));
    }
  }

  /** Says whether to go on with what waits. */
  private async send(batch: readonly ChangeSet[]): Promise<boolean> {
    for (const { id } of batch) this.tried.add(id);
    try {
      const answer = await this.parts.calls.save(this.parts.taskId, this.request(batch));
      await this.saved(answer, batch);
      return true;
    } catch (error) {
      return this.fail(error, batch);
    }
  }

  private request(changesets: readonly ChangeSet[]): SaveRequest {
    const { store, outbox } = this.parts;
    return {
      base_version: store.version.peek(),
      lease_token: store.lease.peek()?.token ?? outbox.lease_token ?? 0,
      session: this.session,
      changesets,
    };
  }

  private async saved(answer: SaveAnswer, batch: readonly ChangeSet[]): Promise<void> {
    const { store, outbox } = this.parts;
    const accepted = new Set(answer.accepted.map((each) => each.id));
    const silent = batch.find((each) => !accepted.has(each.id));
    // It would be sent for ever.
    if (silent) throw new RangeError(`The server did not say what became of ${silent.label}.`);
    store.acknowledge(answer);
    await outbox.remove(accepted);
    this.waitingSignal.value = outbox.size;
    this.recovered();
  }

  private recovered(): void {
    this.failures = 0;
    if (this.troubleSignal.peek() !== "lost") this.troubleSignal.value = "none";
  }

  /** What a failure means; says whether to go on with what waits. */
  private async fail(error: unknown, batch: readonly ChangeSet[]): Promise<boolean> {
    if (isAway(error)) return this.wait();
    if (error instanceof SignedOut) {
      this.troubleSignal.value = "signed-out";
      return false;
    }
    if (error instanceof Conflicted) {
      return this.giveWay(error.conflict);
    }
    if (error instanceof Locked) return this.drafted(error, batch);
    if (error instanceof Invalid) return this.refuse(error, batch);
    if (error instanceof Refused && error.status < 500) {
      // No right to it any more: what waits stays on disk.
      this.loseLease(error.message);
      return false;
    }
    this.wait();
    if (error instanceof Refused) return false;
    throw error;
  }

  private wait(): boolean {
    this.troubleSignal.value = "offline";
    this.setTimer(backoff_ms(this.failures, this.parts.timers.random));
    this.failures += 1;
    return false;
  }

  /** Takes theirs; what the server says is in conflict goes on cards even where it cannot be seen from here. */
  private async giveWay({ since, version, conflicts }: ConflictProblem): Promise<boolean> {
    const { store, calls, taskId, outbox } = this.parts;
    const before = outbox.changesets.reduce((sum, each) => sum + each.ops.length, 0);
    await this.takeTheirs(
      since,
      version,
      conflicts.map(({ mine, theirs }) => theirs ?? mine),
    );
    const after = outbox.changesets.reduce((sum, each) => sum + each.ops.length, 0);
    // Nobody saved anything in between, so what we took for the server's state is not it.
    if (since.length === 0) store.replace(await calls.document(taskId));
    return since.length > 0 || after < before ? true : this.wait();
  }

  private async catchUp(): Promise<void> {
    const { calls, store, taskId } = this.parts;
    for (;;) {
      const { version, changesets, more } = await calls.changesSince(taskId, store.version.peek());
      await this.takeTheirs(changesets, version);
      if (!more) return;
    }
  }

  /** Others' work goes below; what of mine meets it goes on cards. */
  private async takeTheirs(
    theirs: readonly CommittedChangeSet[],
    version: number,
    named: readonly Op[] = [],
  ): Promise<void> {
    const { store, outbox } = this.parts;
    const waiting = new Set(outbox.changesets.map((each) => each.id));
    const foreign = theirs.filter((each) => !waiting.has(each.id));
    // Some of mine may have been saved while the answer got lost.
    await outbox.remove(new Set(theirs.map((each) => each.id)));
    const against = [...foreign, { id: newId(), label: "", made_at: "", ops: named }];
    const { kept, cards } = partedFrom(outbox.changesets, against);
    store.rebaseOnto(theirs, version, kept);
    await outbox.rewrite(kept);
    this.waitingSignal.value = outbox.size;
    if (cards.length > 0) await this.setCards([...this.cardsSignal.peek(), ...cards]);
  }

  private async setCards(cards: readonly ConflictCard[]): Promise<void> {
    this.cardsSignal.value = cards;
    await this.parts.shelf.put("cards", cards, this.parts.taskId);
  }

  /** The server kept them as a draft: they are no longer ours to send. */
  private async drafted(error: Locked, batch: readonly ChangeSet[]): Promise<boolean> {
    this.loseLease(error.message);
    if (error.draft_id === null) return false;
    this.drafts.value += batch.length;
    await this.letGo(batch);
    return true;
  }

  private async letGo(batch: readonly ChangeSet[]): Promise<void> {
    const { outbox, store } = this.parts;
    const ids = new Set(batch.map((each) => each.id));
    await outbox.remove(ids);
    store.drop(ids);
    this.waitingSignal.value = outbox.size;
  }

  /** Those that the server names (else all sent) go aside with the reason; the rest is sent again. */
  private async refuse(error: Invalid, batch: readonly ChangeSet[]): Promise<boolean> {
    const named = Object.keys(error.problem.fields ?? {}).flatMap((path) => {
      const index = /^changesets\[(\d+)\]/.exec(path)?.[1];
      const changeset = index === undefined ? undefined : batch[Number(index)];
      return changeset ? [changeset] : [];
    });
    const refused = named.length > 0 ? [...new Set(named)] : batch;
    for (const changeset of refused) {
      const { taskId: task_id, shelf } = this.parts;
      const row: RefusedRow = { id: changeset.id, task_id, why: error.message, changeset };
      await shelf.put("refused", row);
      this.parts.notify("warning", `"${changeset.label}" was not saved: ${error.message}`);
    }
    await this.letGo(refused);
    return true;
  }
}

/** Between the outbox and the server: saves what waits, catches up with others, says how things stand. */

import { backoff_ms, isAway } from "../api/client";
import {
  Conflicted,
  type ConflictProblem,
  Invalid,
  Locked,
  Refused,
  SignedOut,
} from "../api/problems";
import { type Choice, type ConflictCard, resolution } from "../core/conflicts";
import type { DocumentStore } from "../core/document";
import type { ChangeSink, Editor, Notice } from "../core/editor";
import { newId } from "../core/ops";
import { computed, type ReadonlySignal, type Signal, signal } from "../core/signals";
import type { ChangeSet, SaveAnswer, SaveRequest } from "../core/types";
import { Aside, refusedOf } from "./aside";
import { type Below, putBelow } from "./below";
import type { Outbox } from "./outbox";
import type { SaveCalls } from "./save-calls";
import { NO_TROUBLE, type SaveStatus, statusOf, type Trouble } from "./save-status";
import { SaveTimer, type Timers } from "./save-timer";
import type { Shelf } from "./shelf";

export type { SaveStatus };

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

export const MOST_OPS_A_SAVE = 200;

export class Sync implements ChangeSink {
  readonly status: ReadonlySignal<SaveStatus>;
  readonly cards: ReadonlySignal<readonly ConflictCard[]>;
  /** False once the lease is lost. */
  readonly writable: ReadonlySignal<boolean>;
  /** One for each tab: leases are held by it. */
  readonly session = newId();

  private readonly waitingSignal: Signal<number>;
  private readonly troubleSignal: Signal<Trouble> = signal(NO_TROUBLE);
  private readonly aside: Aside;
  private readonly drafts: Signal<number> = signal(0);
  /** Once sent, a change set may have been saved though nobody said so: it is not changed any more. */
  private readonly tried = new Set<string>();
  private turn: Promise<void> = Promise.resolve();
  private readonly timer: SaveTimer;
  private failures = 0;

  constructor(private readonly parts: SyncParts) {
    this.waitingSignal = signal(parts.outbox.size);
    this.aside = new Aside(parts.shelf, parts.taskId);
    this.cards = this.aside.cards;
    this.timer = new SaveTimer(parts.timers, () => void this.flush());
    this.writable = computed(() => this.troubleSignal.value.kind !== "lost");
    this.status = computed(() =>
      statusOf({
        trouble: this.troubleSignal.value,
        waiting: this.waitingSignal.value,
        cards: this.cards.value.length,
        drafts: this.drafts.value,
        version: parts.store.version.value,
      }),
    );
  }

  /** Takes up what an earlier tab left: gestures, and cards that nobody has decided. */
  async resume(): Promise<void> {
    const { store, outbox } = this.parts;
    await outbox.load();
    await this.aside.load();
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
    this.timer.cancel();
    return this.inTurn(() => this.saveAll());
  }

  /** Another tab has taken the pen. */
  rest(): void {
    this.timer.cancel();
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
    await this.aside.removeCard(card);
    await editor.commit({ label: card.label, ops });
  }

  /** The heartbeat was refused. */
  loseLease(reason: string): void {
    this.troubleSignal.value = { kind: "lost", reason };
  }

  /** The task was taken again: its lease is ours. */
  regain(): void {
    this.troubleSignal.value = NO_TROUBLE;
    this.drafts.value = 0;
    this.schedule();
  }

  dispose(): void {
    this.timer.cancel();
  }

  /** One thing at a time: a save and a catch-up must not cross. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.turn.then(work);
    this.turn = next.catch(() => undefined);
    return next;
  }

  private schedule(): void {
    const isWaiting = this.troubleSignal.peek().kind === "offline" && this.timer.isSet;
    if (!isWaiting) this.timer.nudge();
  }

  private async saveAll(): Promise<void> {
    let goOn = true;
    while (goOn && this.parts.holdsPen()) {
      const batch = this.parts.outbox.batch(MOST_OPS_A_SAVE);
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
      return this.fail(error, batch).catch((again: unknown) => this.fail(again, []));
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
    // What was made while this was on its way has not met theirs yet.
    const named = answer.since.filter((each) => !accepted.has(each.id)).flatMap(({ ops }) => ops);
    await this.putBelow({ saved: [], version: answer.version, named });
    this.recovered();
  }

  private recovered(): void {
    this.failures = 0;
    if (this.writable.peek()) this.troubleSignal.value = NO_TROUBLE;
  }

  /** What a failure means; says whether to go on with what waits. */
  private async fail(error: unknown, batch: readonly ChangeSet[]): Promise<boolean> {
    if (isAway(error)) return this.wait();
    if (error instanceof SignedOut) {
      this.troubleSignal.value = { kind: "signed-out" };
      return false;
    }
    if (error instanceof Conflicted) return this.giveWay(error.conflict);
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
    this.troubleSignal.value = { kind: "offline" };
    this.timer.after(backoff_ms(this.failures, this.parts.timers.random));
    this.failures += 1;
    return false;
  }

  /** Takes theirs; what the server says is in conflict goes on cards even where it cannot be seen from here. */
  private async giveWay({ since, version, conflicts }: ConflictProblem): Promise<boolean> {
    const { store, calls, taskId, outbox } = this.parts;
    const before = outbox.changesets.reduce((sum, each) => sum + each.ops.length, 0);
    const named = conflicts.map(({ mine, theirs }) => theirs ?? mine);
    await this.putBelow({ saved: since, version, named });
    const after = outbox.changesets.reduce((sum, each) => sum + each.ops.length, 0);
    // Nobody saved anything in between, so what we took for the server's state is not it.
    if (since.length === 0) store.replace(await calls.document(taskId));
    return since.length > 0 || after < before ? true : this.wait();
  }

  private async putBelow(below: Below): Promise<void> {
    const { store, outbox } = this.parts;
    await putBelow({ store, outbox, aside: this.aside }, below);
    this.waitingSignal.value = outbox.size;
  }

  private async catchUp(): Promise<void> {
    const { calls, store, taskId } = this.parts;
    for (;;) {
      const { version, changesets, more } = await calls.changesSince(taskId, store.version.peek());
      await this.putBelow({ saved: changesets, version });
      if (!more) return;
    }
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
    const refused = refusedOf(error, batch);
    await this.aside.keepRefused(refused, error.message);
    for (const { label } of refused) {
      this.parts.notify("warning", `"${label}" was not saved: ${error.message}`);
    }
    await this.letGo(refused);
    return true;
  }
}

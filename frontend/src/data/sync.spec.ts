import "fake-indexeddb/auto";
import { afterEach, describe, expect, it } from "vitest";
import { Conflicted, Refused, SignedOut } from "../api/problems";
import { DocumentStore } from "../core/document";
import { Editor } from "../core/editor";
import { putCuboid, setFields } from "../core/edits";
import { WORLD } from "../core/evaluate";
import { History } from "../core/history";
import {
  cuboid,
  FRAME_NS,
  keyedAt,
  manifest,
  object,
  plain,
  randomOps,
  seeded,
} from "../core/samples";
import { Scene } from "../core/scene";
import type { LabelledObject, Vec3 } from "../core/types";
import { FakeCalls, FakeServer, type Weather } from "./fake-server";
import { Outbox } from "./outbox";
import { LONGEST_WAIT_MS, QUIET_MS } from "./save-timer";
import { openShelf, type Shelf } from "./shelf";
import { Sync } from "./sync";

const TASK = 88;

/** Time that moves only when a spec says so. */
class HandClock {
  now = 0;
  private readonly timers = new Map<number, { at: number; run: () => void }>();
  private count = 0;

  readonly set = (run: () => void, ms: number) => {
    this.count += 1;
    this.timers.set(this.count, { at: this.now + ms, run });
    return this.count;
  };
  readonly clear = (id: number) => {
    this.timers.delete(id);
  };
  readonly now_ms = () => this.now;
  readonly random = () => 0.5;

  pass(ms: number): void {
    this.now += ms;
    for (const [id, timer] of [...this.timers]) {
      if (timer.at > this.now) continue;
      this.timers.delete(id);
      timer.run();
    }
  }
}

interface Tab {
  readonly store: DocumentStore;
  readonly editor: Editor;
  readonly history: History;
  readonly sync: Sync;
  readonly calls: FakeCalls;
  readonly clock: HandClock;
  readonly outbox: Outbox;
  readonly shelf: Shelf;
}

const open: Shelf[] = [];
let shelves = 0;

afterEach(() => {
  for (const shelf of open.splice(0)) shelf.close();
});

async function tabOn(
  server: FakeServer,
  { shelfName = "", weather }: { shelfName?: string; weather?: Weather } = {},
): Promise<Tab> {
  shelves += 1;
  const shelf = await openShelf(shelfName || `shelf-${shelves}`);
  open.push(shelf);
  const calls = new FakeCalls(server, weather);
  const store = new DocumentStore(new Scene(manifest()), structuredClone(server.document()));
  const outbox = new Outbox(shelf, TASK);
  const clock = new HandClock();
  const history = new History();
  const sync = new Sync({
    taskId: TASK,
    store,
    outbox,
    shelf,
    calls,
    timers: clock,
    notify: (kind, text) => editor.notify(kind, text),
    holdsPen: () => true,
  });
  const editor = new Editor({ store, history, sink: sync, now_ms: clock.now_ms });
  await sync.resume();
  return { store, editor, history, sync, calls, clock, outbox, shelf };
}

const CENTER: Vec3 = [20, 0, 0.8];

function car(id = "a", center_m: Vec3 = CENTER): LabelledObject {
  return object(id, [{ ...keyedAt(cuboid(center_m)), at_ns: 0 }]);
}

function the(tab: Tab, id = "a"): LabelledObject {
  const found = tab.store.objects.value.get(id);
  if (!found) throw new RangeError(`there is no object ${id}`);
  return found;
}

function move(tab: Tab, to: Vec3, at_ns = 0, merge?: string): Promise<void> {
  const ops = putCuboid(the(tab), at_ns, cuboid(to));
  return tab.editor.commit({ label: "Move cuboid", ops, ...(merge ? { merge } : {}) });
}

function centerOn(server: FakeServer, at_ns = 0): Vec3 | undefined {
  const key = server.state.get("a")?.streams[WORLD]?.find((each) => each.at_ns === at_ns);
  return key?.geometry && "center_m" in key.geometry ? key.geometry.center_m : undefined;
}

function stormy(random: () => number): ReturnType<Weather> {
  const luck = random();
  if (luck > 0.4) return "fine";
  return luck < 0.2 ? "request-lost" : "answer-lost";
}

async function randomStep(tab: Tab | undefined, random: () => number): Promise<void> {
  if (!tab) return;
  const luck = random();
  if (luck < 0.1) await tab.editor.undo();
  else if (luck < 0.6) {
    const ops = randomOps(tab.store.committed.value, 1 + Math.floor(random() * 3), random);
    await tab.editor.commit({ label: "Random", ops, ...(luck < 0.3 ? { merge: "random" } : {}) });
  }
  if (random() < 0.3) await tab.sync.flush();
  if (random() < 0.2) await tab.sync.pull();
}

describe("saving", () => {
  it("puts a gesture on disk before it is acknowledged, and sends it after a quiet moment", async () => {
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);

    await move(tab, [21, 0, 0.8]);
    const onDisk = await tab.shelf.getAll("outbox");
    const early = server.version;
    tab.clock.pass(QUIET_MS);
    await tab.sync.flush();

    expect(onDisk.map((row) => row.changeset.label)).toEqual(["Move cuboid"]);
    expect(early).toBe(1);
    expect(centerOn(server)).toEqual([21, 0, 0.8]);
    expect(await tab.shelf.count("outbox")).toBe(0);
    expect(tab.sync.status.value).toEqual({ kind: "saved", version: 2 });
  });

  it("does not wait for quiet for ever", async () => {
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);

    for (let n = 0; n * 200 <= LONGEST_WAIT_MS; n++) {
      await move(tab, [20 + n, 0, 0.8]);
      tab.clock.pass(200);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(server.version).toBeGreaterThan(1);
  });

  it("makes one change set of nudges that follow one another", async () => {
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);

    for (let n = 1; n <= 5; n++) {
      await move(tab, [20 + n, 0, 0.8], 0, "nudge a");
      tab.clock.pass(100);
    }
    await tab.sync.flush();
    await tab.editor.undo();
    await tab.sync.flush();

    expect(server.journal.map((each) => each.label)).toEqual(["Move cuboid", "Undo move cuboid"]);
    expect(centerOn(server)).toEqual(CENTER);
  });

  it("splits a gesture of more than 200 operations", async () => {
    const objects = Array.from({ length: 450 }, (_, n) => car(`o${n}`));
    const server = new FakeServer(objects);
    const tab = await tabOn(server);

    const ops = objects.flatMap((each) => setFields(each, { motion: "static" }));
    await tab.editor.commit({ label: "Make static", ops });
    await tab.sync.flush();

    expect(server.journal.map((each) => each.ops.length)).toEqual([200, 200, 50]);
    expect(plain(server.state).every((each) => each.motion === "static")).toBe(true);
  });

  it("loses nothing when the tab is killed, and saves nothing twice", async () => {
    const server = new FakeServer([car()]);
    let weather: ReturnType<Weather> = "answer-lost";
    const first = await tabOn(server, { shelfName: "killed", weather: () => weather });
    await move(first, [22, 0, 0.8]);
    await first.sync.flush();
    weather = "request-lost";
    await move(first, [23, 0, 0.8], FRAME_NS);
    await first.sync.flush();
    first.shelf.close();

    const second = await tabOn(server, { shelfName: "killed" });
    const shown = plain(second.store.objects.value);
    await second.sync.flush();

    expect(the(second).streams[WORLD]?.length).toBe(2);
    expect(plain(server.state)).toEqual(shown);
    expect(server.journal).toHaveLength(2);
    expect(second.outbox.size).toBe(0);
  });

  it("waits while the server is away, and goes on when it is back", async () => {
    const server = new FakeServer([car()]);
    let weather: ReturnType<Weather> = "request-lost";
    const tab = await tabOn(server, { weather: () => weather });

    await move(tab, [21, 0, 0.8]);
    await tab.sync.flush();
    const away = tab.sync.status.value;
    weather = "fine";
    await tab.sync.retry();

    expect(away).toEqual({ kind: "offline", waiting: 1 });
    expect(tab.sync.status.value).toEqual({ kind: "saved", version: 2 });
  });

  it("keeps the outbox when the session has ended", async () => {
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);
    const save = tab.calls.save.bind(tab.calls);
    tab.calls.save = () => Promise.reject(new SignedOut(401, { detail: "Sign in." }));

    await move(tab, [21, 0, 0.8]);
    await tab.sync.flush();
    const away = tab.sync.status.value;
    tab.calls.save = save;
    await tab.sync.retry();

    expect(away).toEqual({ kind: "signed-out", waiting: 1 });
    expect(centerOn(server)).toEqual([21, 0, 0.8]);
  });

  it("becomes read-only when the right is gone, and keeps what waits", async () => {
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);
    tab.calls.save = () => Promise.reject(new Refused(404, { detail: "There is no such task." }));

    await move(tab, [21, 0, 0.8]);
    await tab.sync.flush();

    expect(tab.sync.writable.value).toBe(false);
    expect(await tab.shelf.count("outbox")).toBe(1);
  });
});

describe("a lost lease", () => {
  it("turns the edits into a draft and the labels read-only", async () => {
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);
    server.lease_token = 8;

    await move(tab, [21, 0, 0.8]);
    await tab.sync.flush();

    expect(server.drafts).toHaveLength(1);
    expect(tab.sync.status.value).toEqual({
      kind: "lost-lease",
      reason: "The lease has ended.",
      drafts: 1,
    });
    expect(the(tab)).toEqual(car());
    expect(tab.outbox.size).toBe(0);
  });

  it("is over when the task is taken again", async () => {
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);
    server.lease_token = 8;
    await move(tab, [21, 0, 0.8]);
    await tab.sync.flush();

    tab.store.lease.value = { token: 8, expires_at: "2030-01-01T00:00:00Z", holder_id: 1 };
    tab.sync.regain();
    await move(tab, [22, 0, 0.8]);
    await tab.sync.flush();

    expect(centerOn(server)).toEqual([22, 0, 0.8]);
    expect(tab.sync.status.value).toEqual({ kind: "saved", version: 2 });
  });
});

describe("two people on one scene", () => {
  it("both see both when they touch other things", async () => {
    const server = new FakeServer([car("a"), car("b", [30, 5, 0.8])]);
    const [ana, bo] = [await tabOn(server), await tabOn(server)];

    await move(ana, [21, 0, 0.8]);
    await ana.sync.flush();
    const ops = putCuboid(the(bo, "b"), 0, cuboid([31, 5, 0.8]));
    await bo.editor.commit({ label: "Move cuboid", ops });
    await bo.sync.flush();
    await ana.sync.pull();

    expect(plain(ana.store.objects.value)).toEqual(plain(server.state));
    expect(plain(bo.store.objects.value)).toEqual(plain(server.state));
    expect(bo.sync.cards.value).toEqual([]);
  });

  it("get a card when they touch the same key: theirs stands until somebody decides", async () => {
    const server = new FakeServer([car()]);
    const [ana, bo] = [await tabOn(server), await tabOn(server)];

    await move(ana, [21, 0, 0.8]);
    await ana.sync.flush();
    await move(bo, [25, 0, 0.8]);
    await move(bo, [26, 0, 0.8], FRAME_NS);
    await bo.sync.flush();
    const [card] = bo.sync.cards.value;

    expect(centerOn(server, 0)).toEqual([21, 0, 0.8]);
    expect(centerOn(server, FRAME_NS)).toEqual([26, 0, 0.8]);
    expect(card).toMatchObject({ label: "Move cuboid", obj: "a" });
    expect(bo.sync.status.value).toEqual({ kind: "conflict", cards: 1 });
    expect(await bo.shelf.get("cards", TASK)).toEqual(bo.sync.cards.value);

    if (card) await bo.sync.resolve(card, "mine", bo.editor);
    await bo.sync.flush();

    expect(centerOn(server, 0)).toEqual([25, 0, 0.8]);
    expect(bo.sync.status.value).toEqual({ kind: "saved", version: 4 });
  });

  it("can keep both: mine becomes an object of its own", async () => {
    const server = new FakeServer([car()]);
    const [ana, bo] = [await tabOn(server), await tabOn(server)];
    await move(ana, [21, 0, 0.8]);
    await ana.sync.flush();
    await move(bo, [25, 0, 0.8]);
    await bo.sync.flush();

    const [card] = bo.sync.cards.value;
    if (card) await bo.sync.resolve(card, "both", bo.editor);
    await bo.sync.flush();

    const centers = plain(server.state).map((each) =>
      each.streams[WORLD]?.map((key) => key.geometry),
    );
    expect(centers).toContainEqual([cuboid([21, 0, 0.8])]);
    expect(centers).toContainEqual([cuboid([25, 0, 0.8])]);
  });

  it("can bring back what the other deleted", async () => {
    const server = new FakeServer([car()]);
    const [ana, bo] = [await tabOn(server), await tabOn(server)];
    await ana.editor.commit({
      label: "Delete",
      ops: [{ k: "obj.del", obj: "a", prev: { ...car(), streams: car().streams } }],
    });
    await ana.sync.flush();
    await move(bo, [25, 0, 0.8]);
    await bo.sync.flush();
    const gone = bo.store.objects.value.size;

    const [card] = bo.sync.cards.value;
    if (card) await bo.sync.resolve(card, "mine", bo.editor);
    await bo.sync.flush();

    expect(gone).toBe(0);
    expect(centerOn(server)).toEqual([25, 0, 0.8]);
  });

  it("get the server's document anew when it is not what they took it for", async () => {
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);
    const save = tab.calls.save.bind(tab.calls);
    let refusals = 1;
    tab.calls.save = (task, request) => {
      const [mine] = request.changesets.flatMap((each) => each.ops);
      if (refusals-- <= 0 || !mine) return save(task, request);
      const conflict = { mine, theirs: null, footprint: { obj: "a", stream: "*", at_ns: null } };
      return Promise.reject(
        new Conflicted({ code: "conflict", version: 1, since: [], conflicts: [conflict] }),
      );
    };

    await move(tab, [25, 0, 0.8]);
    await move(tab, [26, 0, 0.8], FRAME_NS);
    await tab.sync.flush();

    expect(tab.sync.cards.value).toHaveLength(1);
    expect(plain(tab.store.objects.value)).toEqual(plain(server.state));
    expect(tab.outbox.size).toBe(0);
  });

  it("also part what was made while a save was on its way", async () => {
    const server = new FakeServer([car()]);
    const [ana, bo] = [await tabOn(server), await tabOn(server)];
    await move(ana, [21, 0, 0.8]);
    await ana.sync.flush();
    const save = bo.calls.save.bind(bo.calls);
    bo.calls.save = async (task, request) => {
      bo.calls.save = save;
      // The hand does not wait for the server.
      await move(bo, [30, 0, 0.8]);
      return save(task, request);
    };

    await move(bo, [26, 0, 0.8], FRAME_NS);
    await bo.sync.flush();

    expect(centerOn(server, 0)).toEqual([21, 0, 0.8]);
    expect(centerOn(server, FRAME_NS)).toEqual([26, 0, 0.8]);
    expect(bo.sync.cards.value).toHaveLength(1);
    expect(plain(bo.store.objects.value)).toEqual(plain(server.state));
  });

  it("catch up in several answers when much was done", async () => {
    const server = new FakeServer([car()]);
    const [ana, bo] = [await tabOn(server), await tabOn(server)];
    for (let n = 0; n < 5; n++) {
      await move(ana, [21 + n, 0, 0.8], n * FRAME_NS);
      await ana.sync.flush();
    }
    bo.calls.changesSince = async (_task, version) => {
      const rows = structuredClone(server.since(version).slice(0, 2));
      const last = rows.at(-1)?.version ?? version;
      return { version: last, changesets: rows, more: last < server.version };
    };

    await bo.sync.pull();

    expect(bo.store.version.value).toBe(6);
    expect(plain(bo.store.objects.value)).toEqual(plain(server.state));
  });

  it("do not take back each other's work by undo", async () => {
    const server = new FakeServer([car()]);
    const [ana, bo] = [await tabOn(server), await tabOn(server)];
    await move(bo, [25, 0, 0.8]);
    await bo.sync.flush();
    await ana.sync.pull();
    await move(ana, [30, 0, 0.8]);
    await ana.sync.flush();
    await bo.sync.pull();

    await bo.editor.undo();

    expect(bo.editor.notices.value.map((each) => each.text)).toEqual([
      '"Move cuboid" was left out: somebody else has changed it since.',
    ]);
    expect(bo.outbox.size).toBe(0);
  });

  const seeds = Array.from({ length: 25 }, (_, seed) => seed);
  it.each(seeds)("always end up with what the server has, in any weather (%i)", async (seed) => {
    const random = seeded(seed);
    const server = new FakeServer([car("a"), car("b", [30, 5, 0.8])]);
    const storm = { over: false };
    const weather = () => (storm.over ? "fine" : stormy(random));
    const tabs = [await tabOn(server, { weather }), await tabOn(server, { weather })];
    for (let n = 0; n < 80; n++) await randomStep(tabs[n % 2], random);
    storm.over = true;
    for (const tab of [...tabs, ...tabs]) await tab.sync.retry().then(() => tab.sync.pull());

    for (const tab of tabs) {
      expect(tab.outbox.size).toBe(0);
      expect(tab.store.pending).toEqual([]);
      expect(plain(tab.store.objects.value)).toEqual(plain(server.state));
    }
  });

  it("could be taken back to the start, entry by entry", async () => {
    const random = seeded(7);
    const server = new FakeServer([car()]);
    const tab = await tabOn(server);
    for (let n = 0; n < 15; n++) {
      const ops = randomOps(tab.store.committed.value, 2, random);
      await tab.editor.commit({ label: "Random", ops });
    }
    const done = tab.history.snapshot.value.done.length;

    for (let n = 0; n < done; n++) await tab.editor.undo();
    await tab.sync.flush();

    expect(plain(server.state)).toEqual([car()]);
    expect(done).toBeGreaterThan(0);
  });
});

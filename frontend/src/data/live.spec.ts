/** Socket, tabs, lease and telemetry: what goes on beside the editing. */

import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { Refused, Unreachable } from "../api/problems";
import { DocumentStore } from "../core/document";
import { labelDocument, manifest } from "../core/samples";
import { Scene } from "../core/scene";
import type { LiveEvent } from "../live/events";
import { LeaseKeeper } from "./lease";
import { readSetting, writeSetting } from "./settings";
import { openShelf } from "./shelf";
import { LiveSocket, type WireEvents } from "./socket";
import { type Locks, TabPen } from "./tabs";
import { AWAY_AFTER_MS, Telemetry } from "./telemetry";

class FakeWire {
  readonly said: string[] = [];
  constructor(readonly events: WireEvents) {}
  send(text: string): void {
    this.said.push(text);
  }
  close(): void {
    this.events.closed(1000);
  }
}

function socket() {
  const wires: FakeWire[] = [];
  const later: { run: () => void; ms: number }[] = [];
  const live = new LiveSocket({
    open: (events) => {
      const wire = new FakeWire(events);
      wires.push(wire);
      return wire;
    },
    later: (run, ms) => later.push({ run, ms }),
    random: () => 1,
  });
  return { live, wires, later };
}

describe("the socket", () => {
  it("joins its rooms again after each gap, and says that something may have been missed", () => {
    const { live, wires, later } = socket();
    let gaps = 0;
    live.onReopened(() => {
      gaps += 1;
    });
    live.join("scene:3:12");
    wires[0]?.events.opened();
    wires[0]?.events.closed(1006);
    later[0]?.run();
    wires[1]?.events.opened();

    expect(wires.map((wire) => wire.said)).toEqual([
      ['{"join":"scene:3:12"}'],
      ['{"join":"scene:3:12"}'],
    ]);
    expect(gaps).toBe(1);
    expect(live.state.value).toBe("open");
  });

  it("waits longer each time it fails", () => {
    const { wires, later } = socket();

    for (let n = 0; n < 5; n++) {
      wires.at(-1)?.events.closed(1006);
      later.at(-1)?.run();
    }

    expect(later.map(({ ms }) => ms)).toEqual([300, 600, 1200, 2400, 4800]);
  });

  it("does not knock again when one has to sign in first", () => {
    const { live, wires, later } = socket();

    wires[0]?.events.opened();
    wires[0]?.events.closed(4401);

    expect(live.state.value).toBe("signed-out");
    expect(later).toEqual([]);
  });

  it("passes events on, and nothing else", () => {
    const { live, wires } = socket();
    const heard: LiveEvent[] = [];
    const stop = live.onEvent((event) => heard.push(event));
    const event = {
      event: "scene.changed",
      room: "scene:3:12",
      scene_id: 12,
      version: 5,
      author_id: 2,
    };

    wires[0]?.events.heard(JSON.stringify({ joined: "scene:3:12" }));
    wires[0]?.events.heard(JSON.stringify(event));
    stop();
    wires[0]?.events.heard(JSON.stringify(event));

    expect(heard).toEqual([event]);
  });
});

/** Web Locks between tabs of one browser. */
class FakeLocks implements Locks {
  private holder: { name: string; lose: (error: Error) => void } | null = null;

  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly steal?: boolean },
    hold: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown> {
    if (this.holder && !options.steal) return Promise.resolve(hold(null));
    this.holder?.lose(new DOMException("stolen", "AbortError"));
    return new Promise((resolve, reject) => {
      const holder = { name, lose: reject };
      this.holder = holder;
      void hold({ name })?.then(() => {
        if (this.holder === holder) this.holder = null;
        resolve(undefined);
      });
    });
  }
}

describe("the pen", () => {
  it("is one tab's, until another takes it over", async () => {
    const locks = new FakeLocks();
    const [first, second] = [new TabPen(locks, "task-88"), new TabPen(locks, "task-88")];

    const got = [await first.take(), await second.take()];
    const over = await second.takeOver();
    await Promise.resolve();

    expect(got).toEqual([true, false]);
    expect(over).toBe(true);
    expect([first.held.value, second.held.value]).toEqual([false, true]);
  });

  it("is free again when it is put down", async () => {
    const locks = new FakeLocks();
    const [first, second] = [new TabPen(locks, "task-88"), new TabPen(locks, "task-88")];
    await first.take();

    first.release();
    await new Promise((resolve) => setTimeout(resolve, 0));

    expect(first.held.value).toBe(false);
    expect(await second.take()).toBe(true);
  });
});

describe("the lease", () => {
  const store = () => new DocumentStore(new Scene(manifest()), labelDocument());

  it("is extended by heartbeats", async () => {
    const document = store();
    const fresh = { token: 7, expires_at: "2031-01-01T00:00:00Z", holder_id: 1 };
    const keeper = new LeaseKeeper({
      store: document,
      heartbeat: () => Promise.resolve(fresh),
      onLost: () => undefined,
    });

    await keeper.beat();

    expect(document.lease.value).toEqual(fresh);
  });

  it("is not lost when the server is away, but when it says so", async () => {
    const document = store();
    const lost: string[] = [];
    let error: Error = new Unreachable("away");
    const keeper = new LeaseKeeper({
      store: document,
      heartbeat: () => Promise.reject(error),
      onLost: (reason) => lost.push(reason),
    });

    await keeper.beat();
    const before = document.lease.value?.token;
    error = new Refused(423, { detail: "Ana has this task now." });
    await keeper.beat();

    expect(before).toBe(7);
    expect(document.lease.value).toBe(null);
    expect(lost).toEqual(["Ana has this task now."]);
  });
});

describe("telemetry", () => {
  it("counts inputs and seconds of work, pauses left out, and stays here unless asked for", async () => {
    const shelf = await openShelf("telemetry");
    const time = { ms: 0 };
    const parts = { task_id: 88, shelf, now_ms: () => time.ms };
    const telemetry = new Telemetry({ ...parts, beacon: null });
    const sent: string[] = [];

    telemetry.input("pointer");
    time.ms += 2000;
    telemetry.input("key");
    time.ms += AWAY_AFTER_MS + 1;
    telemetry.input("key");
    time.ms += 500;
    telemetry.input("key");
    await telemetry.end("Move cuboid", "a");
    await telemetry.send();
    const kept = await shelf.getAll("spans");
    const asked = new Telemetry({
      ...parts,
      beacon: (_url, body) => sent.push(body) > 0,
    });
    await asked.send();

    expect(kept).toMatchObject([
      { label: "Move cuboid", object_id: "a", seconds: 2.5, pointer_inputs: 1, key_inputs: 3 },
    ]);
    expect(JSON.parse(sent[0] ?? "{}")).toMatchObject({ spans: [{ task_id: 88 }] });
    expect(await shelf.count("spans")).toBe(0);
    shelf.close();
  });
});

describe("settings", () => {
  it("are kept, and left alone when they are not what they should be", async () => {
    const shelf = await openShelf("settings");
    const isNumber = (value: unknown): value is number => typeof value === "number";

    await writeSetting(shelf, "pointSize", 2);

    expect(await readSetting(shelf, "pointSize", isNumber)).toBe(2);
    expect(await readSetting(shelf, "missing", isNumber)).toBe(null);
    await writeSetting(shelf, "pointSize", "wide");
    expect(await readSetting(shelf, "pointSize", isNumber)).toBe(null);
    shelf.close();
  });
});

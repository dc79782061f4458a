import { describe, expect, it } from "vitest";
import { manifest } from "../core/samples";
import { Scene } from "../core/scene";
import type { Manifest } from "../core/types";
import { IDENTITY } from "../math/rigid";
import { AssetClient, LinkExpired, type Picture } from "./assets";
import { fetchBytes, inflated } from "./bytes";
import { BudgetCache } from "./cache";
import type { PointCloud } from "./points";
import { AHEAD_SLOTS, type Download, DownloadQueue, URGENT_SLOTS } from "./queue";

/** A download that a spec finishes by hand. */
class Handle {
  finish: () => void = () => undefined;
  aborted = false;
  readonly download: Download;

  constructor(key: string, urgent: boolean, started: string[]) {
    const load = (signal: AbortSignal) => {
      started.push(key);
      return new Promise<void>((resolve, reject) => {
        this.finish = resolve;
        signal.addEventListener("abort", () => {
          this.aborted = true;
          reject(new DOMException("given up", "AbortError"));
        });
      });
    };
    this.download = { key, urgent, load };
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

describe("the download queue", () => {
  it("starts as many as there are slots, and the next when one is done", async () => {
    const started: string[] = [];
    const handles = Array.from({ length: 12 }, (_, n) => new Handle(`a${n}`, n < 8, started));
    const queue = new DownloadQueue();

    queue.plan(handles.map((each) => each.download));
    const first = [...started];
    handles[0]?.finish();
    await settled();

    expect(first).toHaveLength(URGENT_SLOTS + AHEAD_SLOTS);
    expect(first.slice(0, URGENT_SLOTS)).toEqual(["a0", "a1", "a2", "a3", "a4", "a5"]);
    expect(started.at(-1)).toBe("a6");
    expect(queue.queued).toBe(1);
  });

  it("gives up what no longer matters, but not what somebody waits for", async () => {
    const started: string[] = [];
    const [old, waited, next] = ["old", "waited", "next"].map(
      (key) => new Handle(key, false, started),
    );
    const queue = new DownloadQueue();
    if (!old || !waited || !next) throw new RangeError("three handles");

    queue.plan([old.download]);
    const waiting = queue.now(waited.download);
    queue.plan([next.download]);
    await settled();
    waited.finish();
    await waiting;

    expect([old.aborted, waited.aborted, next.aborted]).toEqual([true, false, false]);
    expect(queue.busy).toBe(1);
  });

  it("never makes one download twice at once", async () => {
    const started: string[] = [];
    const one = new Handle("one", false, started);
    const queue = new DownloadQueue();

    queue.plan([one.download]);
    queue.plan([one.download]);
    void queue.now(one.download);
    await settled();

    expect(started).toEqual(["one"]);
  });
});

describe("the cache", () => {
  it("lets go of what is furthest from the present when the budget is full", () => {
    const gone: string[] = [];
    const cache = new BudgetCache<string>(30, (value) => gone.push(value));

    for (const frame of [0, 1, 2, 3, 4]) {
      cache.put(`f${frame}`, { value: `v${frame}`, bytes: 10, frame }, 4);
    }

    expect(gone).toEqual(["v0", "v1"]);
    expect(cache.bytes).toBe(30);
    expect(cache.get("f4")).toBe("v4");
    cache.put("f4", { value: "again", bytes: 10, frame: 4 }, 4);
    expect(gone).toEqual(["v0", "v1", "v4"]);
  });
});

class FakePicture implements Picture {
  readonly width = 400;
  readonly height = 225;
  closed = false;
  close(): void {
    this.closed = true;
  }
}

function cloud(): PointCloud {
  const grid = {
    cell_m: 1,
    origin_x_m: 0,
    origin_y_m: 0,
    nx: 1,
    ny: 1,
    start: new Uint32Array(2),
    order: new Uint32Array(0),
  };
  return {
    frame: {
      count: 0,
      time_s: 0,
      scale_m: [1, 1, 1],
      origin_m: [0, 0, 0],
      xyz: new Int16Array(0),
      intensity: null,
      ring: null,
      dt_us: null,
    },
    ego_from_sensor: IDENTITY,
    positions: new Float32Array(0),
    grid,
    aboveGround: grid,
    ground: null,
    bytes: 100,
  };
}

function clientOn(
  fetch: (url: string) => Promise<ArrayBuffer>,
  renew: () => Promise<Manifest> = () => Promise.resolve(manifest(30)),
) {
  const asked: string[] = [];
  const client = new AssetClient<FakePicture>({
    scene: new Scene(manifest(30)),
    fetchBytes: (url) => {
      asked.push(url.split("?")[0] ?? url);
      return fetch(url);
    },
    decode: () => Promise.resolve(cloud()),
    decodePicture: () => Promise.resolve(new FakePicture()),
    renew,
  });
  return { client, asked };
}

const BYTES = () => Promise.resolve(new ArrayBuffer(8));

describe("assets", () => {
  it("come in the order of need: here, ahead, behind", async () => {
    const { client, asked } = clientOn(BYTES);

    client.follow({ frame: 10, direction: 1, cameras: ["CAM_FRONT"] });
    const ready = client.isReady(10);
    await settled();

    expect(asked.slice(0, 3)).toEqual(["/assets/p10.pts", "/assets/w10.webp", "/assets/i10.jpg"]);
    expect(asked.indexOf("/assets/p11.pts")).toBeLessThan(asked.indexOf("/assets/p9.pts"));
    expect(asked.indexOf("/assets/p9.pts")).toBeLessThan(asked.indexOf("/assets/p14.pts"));
    expect([ready, client.isReady(10), client.isReady(20)]).toEqual([false, true, true]);
    expect(client.pictureNow(10, "CAM_FRONT")?.quality).toBe("full");
    expect(client.pictureNow(11, "CAM_FRONT")?.quality).toBe("preview");
    expect(client.arrived.value).toBeGreaterThan(5);
  });

  it("look the other way when one goes back", async () => {
    const { client, asked } = clientOn(BYTES);

    client.follow({ frame: 10, direction: -1, cameras: [] });
    await settled();

    expect(asked.indexOf("/assets/p9.pts")).toBeLessThan(asked.indexOf("/assets/p11.pts"));
  });

  it("get fresh links when theirs are too old, once for all", async () => {
    let renewals = 0;
    const { client } = clientOn(
      (url) =>
        url.includes("sig=a")
          ? Promise.reject(new LinkExpired("too old"))
          : Promise.resolve(new ArrayBuffer(8)),
      () => {
        renewals += 1;
        const text = JSON.stringify(manifest(30)).replaceAll("sig=a", "sig=b");
        return Promise.resolve(JSON.parse(text));
      },
    );

    client.follow({ frame: 0, direction: 1, cameras: [] });
    await settled();

    expect(client.isReady(0)).toBe(true);
    expect(renewals).toBe(1);
  });

  it("say what cannot be loaded, and take it back when it can", async () => {
    const failing = { on: true };
    const { client } = clientOn(() =>
      failing.on ? Promise.reject(new RangeError("point frame: cut short")) : BYTES(),
    );

    await expect(client.cloud(3, "LIDAR_TOP")).rejects.toThrow("cut short");
    const problems = [...client.problems.value];
    failing.on = false;
    await client.cloud(3, "LIDAR_TOP");

    expect(problems).toEqual([["3 LIDAR_TOP", "point frame: cut short"]]);
    expect(client.problems.value.size).toBe(0);
    await expect(client.cloud(3, "CAM_FRONT")).rejects.toThrow("no points");
  });
});

describe("file bytes", () => {
  it("are inflated when the store kept it to itself", async () => {
    const plain = new TextEncoder().encode("hello hello hello").buffer;
    const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
    const zipped = await new Response(stream).arrayBuffer();

    expect(new Uint8Array(await inflated(zipped))).toEqual(new Uint8Array(plain));
    expect(await inflated(plain)).toBe(plain);
  });

  it("are asked for again when the network stumbles, and not when the answer is no", async () => {
    const answers = [
      () => Promise.reject(new TypeError("network")),
      () => Promise.resolve(new Response("busy", { status: 503 })),
      () => Promise.resolve(new Response("data")),
    ];
    let asked = 0;
    const parts = {
      fetch: () => {
        asked += 1;
        return answers[asked - 1]?.() ?? Promise.resolve(new Response("no", { status: 404 }));
      },
      sleep: () => Promise.resolve(),
      random: () => 0,
    };
    const { signal } = new AbortController();

    const bytes = await fetchBytes(parts, "/assets/a", signal);

    expect(new TextDecoder().decode(bytes)).toBe("data");
    await expect(fetchBytes(parts, "/assets/b", signal)).rejects.toThrow("404");
    expect(asked).toBe(4);
    const expired = { ...parts, fetch: () => Promise.resolve(new Response("", { status: 403 })) };
    await expect(fetchBytes(expired, "/assets/c", signal)).rejects.toThrow(LinkExpired);
  });
});

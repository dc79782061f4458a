import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { type ChosenFile, fingerprint, tidy } from "./files";
import { Memory } from "./memory";
import { Queue, type Send } from "./queue";
import { mayRetry } from "./sending";
import { remainingWords, sizeWords } from "./words";

function chosen(path: string, bytes = 10): ChosenFile {
  const name = path.split("/").at(-1) ?? path;
  return { path, file: new File([new Uint8Array(bytes)], name, { lastModified: 5 }) };
}

const sendsAll: Send = (one, onBytes) => {
  onBytes(one.file.size);
  return { finished: Promise.resolve(), stop: () => undefined };
};

test("what systems put into folders is left aside", () => {
  const files = ["a/velodyne/2.bin", "a/.DS_Store", "a/.git/x", "a/velodyne/1.bin", "Thumbs.db"];
  expect(tidy(files.map((path) => chosen(path))).map((one) => one.path)).toEqual([
    "a/velodyne/1.bin",
    "a/velodyne/2.bin",
  ]);
});

test("a queue sends every file and counts its bytes", async () => {
  const files = ["1", "2", "3", "4", "5"].map((path) => chosen(path));
  const queue = new Queue(files, sendsAll, () => undefined);

  expect(await queue.run()).toEqual({ kind: "done" });
  expect(queue.progress()).toMatchObject({ doneFiles: 5, sentBytes: 50, totalBytes: 50 });
});

test("a failure stops the queue, and running again sends only what is missing", async () => {
  const sent: string[] = [];
  let isBroken = true;
  const breaks: Send = (one, onBytes) => {
    if (one.path === "3" && isBroken) {
      return { finished: Promise.reject(new Error("cut off")), stop: () => undefined };
    }
    sent.push(one.path);
    return sendsAll(one, onBytes);
  };
  const queue = new Queue(
    ["1", "2", "3", "4"].map((path) => chosen(path)),
    breaks,
    () => undefined,
  );

  expect(await queue.run()).toEqual({ kind: "failed", file: "3", reason: "cut off" });
  isBroken = false;
  expect(await queue.run()).toEqual({ kind: "done" });
  expect([...sent].sort()).toEqual(["1", "2", "3", "4"]);
});

test("a paused queue goes on where it was", async () => {
  const stops: (() => void)[] = [];
  let holds = true;
  const waits: Send = (one, onBytes) => {
    if (!holds) return sendsAll(one, onBytes);
    let refuse: (error: Error) => void = () => undefined;
    const finished = new Promise<void>((_, reject) => {
      refuse = reject;
    });
    const stop = () => refuse(new Error("paused"));
    stops.push(stop);
    return { finished, stop };
  };
  const queue = new Queue([chosen("1"), chosen("2")], waits, () => undefined);
  const first = queue.run();
  queue.pause();

  expect(await first).toEqual({ kind: "paused" });
  holds = false;
  expect(await queue.run()).toEqual({ kind: "done" });
  expect(stops).toHaveLength(2);
});

test("the memory keeps an upload until it is forgotten", async () => {
  const memory = await Memory.open(7);
  const key = fingerprint(chosen("a/1.bin"));
  await memory.keepBatch({ project: 7, batch: "b", name: "a", files: 2, bytes: 20 });
  await memory.keepFile(key, "/api/v1/uploads/x/", true);
  memory.close();

  const again = await Memory.open(7);
  expect(await again.batch()).toMatchObject({ batch: "b" });
  expect(await again.doneCount()).toBe(1);
  expect(await again.file(key)).toMatchObject({ url: "/api/v1/uploads/x/" });
  const other = await Memory.open(8);
  expect(await other.file(key)).toBeUndefined();
  await again.forget();
  expect(await again.batch()).toBeUndefined();
  expect(await again.doneCount()).toBe(0);
});

test("only what may change is tried again", () => {
  expect([0, 423, 429, 502].every(mayRetry)).toBe(true);
  expect([400, 403, 404, 413, 422].some(mayRetry)).toBe(false);
});

test("sizes and waiting times are said in words", () => {
  expect([12, 1500, 42_000_000].map(sizeWords)).toEqual(["12 B", "1.5 kB", "42.0 MB"]);
  expect(remainingWords(600, 10)).toBe("1 min left");
  expect(remainingWords(10, 0)).toBe("");
});

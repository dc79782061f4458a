import { describe, expect, it } from "vitest";
import { WORLD } from "./evaluate";
import { applied, folded, invertedAll, newId, type Objects, OpMismatch, rebased } from "./ops";
import { CAR, cuboid, FRAME_NS, keyedAt, object, plain, randomOps, seeded } from "./samples";

const EMPTY: Objects = new Map();

describe("operations", () => {
  it("are undone exactly, whatever they were", () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = seeded(seed);
      const start = applied(EMPTY, randomOps(EMPTY, 12, random));
      const ops = randomOps(start, 1 + Math.floor(random() * 15), random);

      const back = applied(applied(start, ops), invertedAll(ops));

      expect(plain(back)).toEqual(plain(start));
    }
  });

  it("have the same effect when folded, and never grow", () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = seeded(seed + 1000);
      const start = applied(EMPTY, randomOps(EMPTY, 8, random));
      const ops = randomOps(start, 20, random);

      const fewer = folded(ops);

      expect(fewer.length).toBeLessThanOrEqual(ops.length);
      expect(plain(applied(start, fewer))).toEqual(plain(applied(start, ops)));
      expect(plain(applied(applied(start, fewer), invertedAll(fewer)))).toEqual(plain(start));
    }
  });

  it("take what was there before from where they are put", () => {
    const at = cuboid([1, 2, 0]);
    const start: Objects = new Map([["a", object("a", [{ ...keyedAt(at), at_ns: 0 }])]]);
    const stale = {
      k: "key.put",
      obj: "a",
      stream: WORLD,
      at_ns: 0,
      prev: null,
      next: keyedAt(cuboid([9, 9, 0])),
    } as const;

    const [fresh] = rebased(start, [stale]);

    expect(fresh).toEqual({ ...stale, prev: keyedAt(at) });
  });

  it("keep keys in order of time", () => {
    const put = (at_ns: number) =>
      ({ k: "key.put", obj: "a", stream: WORLD, at_ns, prev: null, next: keyedAt(null) }) as const;

    const objects = applied(new Map([["a", object("a", [])]]), [
      put(2 * FRAME_NS),
      put(0),
      put(FRAME_NS),
    ]);

    expect(objects.get("a")?.streams[WORLD]?.map((key) => key.at_ns)).toEqual([
      0,
      FRAME_NS,
      2 * FRAME_NS,
    ]);
  });

  it("are refused where their object is not", () => {
    const op = { k: "obj.set", obj: "gone", prev: {}, next: { class: "car" } } as const;

    expect(() => applied(EMPTY, [op])).toThrow(OpMismatch);
    expect(() =>
      applied(new Map([["a", object("a", [])]]), [{ k: "obj.add", obj: "a", next: CAR }]),
    ).toThrow(OpMismatch);
  });

  it("get ids that look like UUIDs and differ", () => {
    const ids = new Set(Array.from({ length: 500 }, newId));

    expect(ids.size).toBe(500);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});

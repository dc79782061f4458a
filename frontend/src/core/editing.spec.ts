/** Editor, history, edits and clock together, as a hand uses them. */

import { describe, expect, it } from "vitest";
import { yaw } from "../math/cuboid";
import { Clock } from "./clock";
import { partedFrom } from "./conflicts";
import { DocumentStore } from "./document";
import { Editor } from "./editor";
import {
  addBox,
  addCuboid,
  adjustBox,
  confirmKeys,
  deleteKey,
  endLife,
  flipHeading,
  interpolate,
  lockSize,
  markNotVisible,
  mergeInto,
  propagate,
  putCuboid,
  resetToDerived,
  setAttribute,
  startLife,
  toggleKey,
} from "./edits";
import { boxStream, WORLD, worldKeys } from "./evaluate";
import { History, MOST_ENTRIES } from "./history";
import { newChangeSets } from "./ops";
import { headingFromMotion } from "./predict";
import { CAR, cuboid, FRAME_NS, keyedAt, labelDocument, manifest, object, plain } from "./samples";
import { Scene } from "./scene";
import { signal } from "./signals";
import type { ChangeSet, LabelledObject, Op } from "./types";

function desk(objects: readonly LabelledObject[]) {
  const scene = new Scene(manifest());
  const store = new DocumentStore(scene, labelDocument(objects));
  const history = new History();
  const sent: ChangeSet[] = [];
  const writable = signal(true);
  const time = { ms: 0 };
  const sink = {
    append: async (changeset: ChangeSet) => {
      sent.push(changeset);
    },
    canAmend: (id: string) => sent.at(-1)?.id === id,
    amend: async (changeset: ChangeSet) => {
      sent[sent.length - 1] = changeset;
    },
  };
  const editor = new Editor({ store, history, sink, writable, now_ms: () => time.ms });
  const the = (id = "a") => {
    const found = store.objects.value.get(id);
    if (!found) throw new RangeError(`there is no object ${id}`);
    return found;
  };
  const edit = (ops: readonly Op[], merge?: string) =>
    editor.commit({ label: "Edit", ops, ...(merge ? { merge } : {}) });
  return { scene, store, history, sent, writable, time, editor, the, edit };
}

function car(...at: readonly (readonly [frame: number, x: number])[]): LabelledObject {
  return object(
    "a",
    at.map(([frame, x]) => ({ ...keyedAt(cuboid([x, 0, 0.8])), at_ns: frame * FRAME_NS })),
  );
}

describe("the editor", () => {
  it("makes one entry of a drag, whatever was previewed", async () => {
    const { editor, edit, the, history, sent, store } = desk([car([0, 10])]);

    for (let x = 11; x < 20; x++) editor.preview(putCuboid(the(), 0, cuboid([x, 0, 0.8])));
    await edit(putCuboid(the(), 0, cuboid([20, 0, 0.8])));

    expect(history.snapshot.value.done).toHaveLength(1);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.ops[0]).toMatchObject({ prev: { geometry: cuboid([10, 0, 0.8]) } });
    expect(store.pending).toHaveLength(1);
  });

  it("joins nudges within half a second, and no longer", async () => {
    const { edit, the, time, sent } = desk([car([0, 10])]);

    for (const [n, wait] of [0, 100, 100, 900].entries()) {
      time.ms += wait;
      await edit(putCuboid(the(), 0, cuboid([10.02 + n * 0.02, 0, 0.8])), "nudge a");
    }

    expect(sent.map((each) => each.ops.length)).toEqual([1, 1]);
  });

  it("takes back and makes again", async () => {
    const { edit, the, editor, store } = desk([car([0, 10])]);
    const start = plain(store.objects.value);
    await edit(putCuboid(the(), 0, cuboid([20, 0, 0.8])));
    const done = plain(store.objects.value);

    await editor.undo();
    const undone = plain(store.objects.value);
    await editor.redo();

    expect(undone).toEqual(start);
    expect(plain(store.objects.value)).toEqual(done);
    await editor.redo();
    expect(editor.notices.value.at(-1)?.text).toBe("There is nothing to redo.");
  });

  it("changes nothing in a read-only tab, and says so", async () => {
    const { edit, the, writable, editor, sent } = desk([car([0, 10])]);
    writable.value = false;

    await edit(putCuboid(the(), 0, cuboid([20, 0, 0.8])));
    await editor.undo();

    expect(sent).toEqual([]);
    expect(editor.canEdit.value).toBe(false);
    expect(editor.notices.value).toHaveLength(2);
  });

  it("says when what it was about has gone", async () => {
    const { edit, the, editor, sent, store } = desk([car([0, 10])]);
    const ops = putCuboid(the(), 0, cuboid([20, 0, 0.8]));
    store.rebaseOnto(
      newChangeSets("Delete", [
        { k: "obj.del", obj: "a", prev: { ...CAR, streams: the().streams } },
      ]).map((each) => ({ ...each, version: 2, author_id: 2 })),
      2,
    );

    await edit(ops);

    expect(sent).toEqual([]);
    expect(editor.notices.value[0]?.text).toContain("not possible any more");
  });

  it("keeps a history of 500, and forgets what was undone when something new is done", () => {
    const history = new History();
    for (let n = 0; n < MOST_ENTRIES + 20; n++) {
      history.record(`Edit ${n}`, [{ k: "obj.add", obj: `${n}`, next: CAR }], null, n * 1000);
    }
    history.undo();
    const undone = history.snapshot.value.undone.length;
    history.record("New", [{ k: "obj.add", obj: "x", next: CAR }], null, 1e9);

    expect(history.snapshot.value.done).toHaveLength(MOST_ENTRIES);
    expect(undone).toBe(1);
    expect(history.snapshot.value.undone).toEqual([]);
  });

  it("restores its history as plain data", async () => {
    const { edit, the, history, store, editor } = desk([car([0, 10])]);
    await edit(putCuboid(the(), 0, cuboid([20, 0, 0.8])));
    const kept = structuredClone(history.snapshot.value);

    history.restore({ done: [], undone: [] });
    history.restore(kept);
    await editor.undo();

    expect(plain(store.objects.value)).toEqual([car([0, 10])]);
  });
});

describe("edits", () => {
  it("give a locked size to every key, bottoms staying", async () => {
    const { edit, the } = desk([car([0, 10], [1, 11])]);

    await edit(lockSize(the(), [4.8, 1.9, 1.6]));
    await edit(putCuboid(the(), 0, cuboid([10, 0, 0.9], 0, [5, 2, 1.8])));
    const [first, second] = worldKeys(the());

    expect(the().size_locked).toBe(true);
    expect(first?.geometry).toMatchObject({ size_m: [5, 2, 1.8], center_m: [10, 0, 0.9] });
    expect(second?.geometry).toMatchObject({ size_m: [5, 2, 1.8] });
    const center =
      second?.geometry && "center_m" in second.geometry ? second.geometry.center_m : [];
    expect(center[2]).toBeCloseTo(0.9, 12);
  });

  it("turn the heading here, to the next key, or along the whole track", async () => {
    const yaws = async (part: "this" | "to-next-key" | "whole") => {
      const { edit, the, store } = desk([car([0, 10], [1, 11], [2, 12])]);
      const shown = store.cuboidAt(the(), 0) ?? cuboid([0, 0, 0]);
      await edit(flipHeading(the(), 0, shown, part));
      return worldKeys(the()).map((key) =>
        key.geometry && "center_m" in key.geometry
          ? Math.round((Math.abs(yaw(key.geometry)) * 180) / Math.PI)
          : null,
      );
    };

    expect(await yaws("this")).toEqual([180, 0, 0]);
    expect(await yaws("to-next-key")).toEqual([180, 180, 0]);
    expect(await yaws("whole")).toEqual([180, 180, 180]);
  });

  it("end and start an object's life", async () => {
    const { edit, the, store } = desk([car([0, 10], [1, 11], [3, 13])]);

    await edit(endLife(the(), 2 * FRAME_NS));
    const late = store.cuboidAt(the(), 3 * FRAME_NS);
    const shown = store.cuboidAt(the(), FRAME_NS) ?? cuboid([0, 0, 0]);
    await edit(startLife(the(), FRAME_NS, shown));
    const keys = worldKeys(the()).map((key) => [key.at_ns / FRAME_NS, key.absent]);

    expect(late).toBe(null);
    expect(keys).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it("toggle a key, and delete the object with its last", async () => {
    const { edit, the, store } = desk([car([0, 10], [2, 12])]);
    const shown = store.cuboidAt(the(), FRAME_NS) ?? cuboid([0, 0, 0]);

    await edit(toggleKey(the(), FRAME_NS, shown));
    const three = worldKeys(the()).length;
    await edit(toggleKey(the(), FRAME_NS, shown));
    await edit(deleteKey(the(), WORLD, 0));
    await edit(deleteKey(the(), WORLD, 2 * FRAME_NS));

    expect(three).toBe(3);
    expect(store.objects.value.size).toBe(0);
  });

  it("carry an object on with its motion, unconfirmed, and take machines' keys back", async () => {
    const { edit, the, store } = desk([car([0, 10], [1, 11])]);

    await edit(propagate(the(), true, 4 * FRAME_NS));
    const key = worldKeys(the()).at(-1);
    await edit(putCuboid(the(), 5 * FRAME_NS, cuboid([15, 0, 0.8])));
    await edit(interpolate(the(), 0, 5 * FRAME_NS));

    expect(key).toMatchObject({ origin: "track", confirmed: false });
    expect(key?.geometry && "center_m" in key.geometry && key.geometry.center_m[0]).toBeCloseTo(
      14,
    );
    expect(worldKeys(the()).map((each) => each.at_ns / FRAME_NS)).toEqual([0, 1, 5]);
    expect(store.cuboidAt(the(), 4 * FRAME_NS)?.center_m[0]).toBeCloseTo(14, 6);
  });

  it("confirm what machines made", async () => {
    const { edit, the } = desk([car([0, 10], [1, 11])]);
    await edit(propagate(the(), true, 4 * FRAME_NS));

    await edit(confirmKeys(the()));

    expect(worldKeys(the()).every((key) => key.confirmed)).toBe(true);
    expect(confirmKeys(the())).toEqual([]);
  });

  it("keep a hand's box apart from the cuboid's, and give it back", async () => {
    const { edit, the, store } = desk([car([0, 10])]);
    const at_ns = 20_000_000;
    const box_px = [700, 400, 900, 500] as const;
    const args = { object: the(), sensor: "CAM_FRONT", at_ns, box_px, reason: "mirror" };

    const derived = store.observation(the(), "CAM_FRONT", at_ns);
    await edit(adjustBox(args));
    const adjusted = store.observation(the(), "CAM_FRONT", at_ns);
    await edit(markNotVisible(the(), "CAM_FRONT", at_ns, "behind a wall"));
    const hidden = store.observation(the(), "CAM_FRONT", at_ns);
    await edit(resetToDerived(the(), "CAM_FRONT", at_ns));

    expect(derived).toMatchObject({ state: "derived", key: null });
    expect(adjusted).toMatchObject({ state: "adjusted", box_px });
    expect(adjusted?.projection?.box_px).toEqual(derived?.box_px);
    expect(hidden).toMatchObject({ state: "not_visible", box_px: null });
    expect(store.observation(the(), "CAM_FRONT", at_ns)).toEqual(derived);
  });

  it("let a box alone go from key to key, and link it to a cuboid", async () => {
    const { edit, the, store } = desk([car([0, 10])]);
    const { id, ops } = addBox({
      fields: CAR,
      sensor: "CAM_FRONT",
      at_ns: 20_000_000,
      box_px: [0, 0, 100, 100],
    });
    await edit(ops);
    await edit(
      adjustBox({
        object: the(id),
        sensor: "CAM_FRONT",
        at_ns: 220_000_000,
        box_px: [100, 0, 200, 100],
        reason: "",
      }),
    );

    const between = store.observation(the(id), "CAM_FRONT", 120_000_000);
    await edit(mergeInto(the(id), the("a")));

    expect(between).toMatchObject({ state: "independent", box_px: [50, 0, 150, 100] });
    expect(store.objects.value.has(id)).toBe(false);
    const linked = the("a").streams[boxStream("CAM_FRONT")]?.[0];
    expect(linked).toMatchObject({ state: "adjusted", reason: "linked by hand" });
  });

  it("set attributes beside one another", async () => {
    const { edit, the } = desk([car([0, 10])]);

    await edit(setAttribute(the(), "moving", true));
    await edit(setAttribute(the(), "rider", "no"));

    expect(the().attributes).toEqual({ moving: true, rider: "no" });
  });

  it("make an object with its first cuboid", async () => {
    const { edit, the } = desk([]);
    const { id, ops } = addCuboid({
      fields: CAR,
      at_ns: 0,
      cuboid: cuboid([5, 0, 0.8]),
      origin: "fit",
    });

    await edit(ops);

    expect(worldKeys(the(id))).toMatchObject([{ at_ns: 0, origin: "fit", confirmed: true }]);
  });
});

describe("motion", () => {
  it("shows a heading where there is a way, and none where there is not", () => {
    const moving = object("a", [
      { ...keyedAt(cuboid([0, 0, 0])), at_ns: 0 },
      { ...keyedAt(cuboid([0, 5, 0])), at_ns: 5 * FRAME_NS },
    ]);

    expect(headingFromMotion(moving, true, FRAME_NS)).toBeCloseTo(Math.PI / 2, 9);
    expect(headingFromMotion(car([0, 10], [5, 10.1]), true, FRAME_NS)).toBe(null);
    expect(headingFromMotion(car([0, 10]), true, 0)).toBe(null);
  });
});

describe("the clock", () => {
  it("steps within the scene, to frames and to keys", () => {
    const clock = new Clock(new Scene(manifest(5)));
    const tracked = car([0, 10], [3, 13]);

    clock.step(-1);
    const low = clock.frame.value;
    clock.stepToKey(tracked, 1);
    const key = clock.frame.value;
    clock.stepToKey(tracked, 1);
    clock.step(10);
    const high = clock.frame.value;
    clock.stepToKey(tracked, -1);

    expect([low, key, high, clock.frame.value]).toEqual([0, 3, 4, 3]);
    expect(clock.direction.value).toBe(-1);
    expect(clock.at_ns.value).toBe(3 * FRAME_NS);
  });
});

describe("conflicts", () => {
  it("part what meets from what does not, one card a place", () => {
    const put = (at: number, x: number): Op => ({
      k: "key.put",
      obj: "a",
      stream: WORLD,
      at_ns: at * FRAME_NS,
      prev: null,
      next: keyedAt(cuboid([x, 0, 0])),
    });
    const mine = newChangeSets("Mine", [put(0, 1), put(1, 1)]);
    const again = newChangeSets("Mine again", [put(0, 2)]);
    const theirs = newChangeSets("Theirs", [put(0, 9), put(3, 9)]);

    const { kept, emptied, cards } = partedFrom([...mine, ...again], theirs);

    expect(kept.map((each) => each.ops)).toEqual([[put(1, 1)]]);
    expect(emptied).toEqual(again.map((each) => each.id));
    expect(cards).toHaveLength(1);
    expect(cards[0]).toMatchObject({ mine: [put(0, 1), put(0, 2)], theirs: [put(0, 9)] });
  });
});

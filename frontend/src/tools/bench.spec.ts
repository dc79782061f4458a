/** Edits through a real document and a real editor: what keys and hands do to the chosen cuboid. */

import { beforeEach, describe, expect, it } from "vitest";
import { Clock } from "../core/clock";
import { CommandRegistry } from "../core/commands";
import { DocumentStore } from "../core/document";
import { Editor } from "../core/editor";
import { markAbsent } from "../core/edits";
import { worldKeyAt } from "../core/evaluate";
import { History } from "../core/history";
import { KeyMap } from "../core/keymap";
import { cuboid, FRAME_NS, keyedAt, labelDocument, manifest, object } from "../core/samples";
import { Scene } from "../core/scene";
import { Selection } from "../core/selection";
import type { ChangeSet } from "../core/types";
import { AssetClient } from "../data/assets";
import { isCuboid } from "../math/trajectory";
import { Bench, expectedGhost } from "./bench";
import { flip, nudge, previewCuboid, reshape } from "./cuboid-edits";
import { linksCarriedOn, linksEverywhere, linksIn } from "./linking";

const CAR = "car-1";

function benchOver(frames: number): { bench: Bench; sent: ChangeSet[] } {
  const scene = new Scene(manifest(frames));
  const keys = [0, 1].map((n) => ({
    at_ns: scene.keyTime(n),
    ...keyedAt(cuboid([10 + n, 0, 1])),
  }));
  const store = new DocumentStore(scene, labelDocument([object(CAR, keys)]));
  const sent: ChangeSet[] = [];
  const sink = {
    append: async (changeset: ChangeSet) => {
      sent.push(changeset);
    },
    canAmend: (id: string) => sent.at(-1)?.id === id,
    amend: async (changeset: ChangeSet) => {
      sent.splice(-1, 1, changeset);
    },
  };
  const commands = new CommandRegistry();
  const assets = new AssetClient<ImageBitmap>({
    scene,
    fetchBytes: () => Promise.reject(new RangeError("this scene has no files")),
    decode: () => Promise.reject(new RangeError("this scene has no files")),
    decodePicture: () => Promise.reject(new RangeError("this scene has no files")),
    renew: () => Promise.resolve(manifest(frames)),
  });
  const bench = new Bench({
    scene,
    clock: new Clock(scene),
    store,
    editor: new Editor({ store, history: new History(), sink }),
    selection: new Selection(),
    commands,
    keymap: new KeyMap(commands),
    assets,
  });
  bench.selection.select(CAR);
  return { bench, sent };
}

let bench: Bench;
let sent: ChangeSet[];

beforeEach(() => {
  ({ bench, sent } = benchOver(5));
});

function shown() {
  const now = bench.selectedCuboid.value;
  if (!now) throw new Error("nothing is shown");
  return now;
}

describe("a drag", () => {
  it("shows before it is made, and is one change set", () => {
    const start = bench.selectedEgo.value;
    if (!start) throw new Error("nothing is chosen");
    const [x, y, z] = start.center_m;
    previewCuboid(bench, { ...start, center_m: [x + 1, y, z] });
    expect(shown().center_m[0]).toBeCloseTo(11, 9);
    expect(sent).toHaveLength(0);
    reshape(bench, { ...start, center_m: [x + 2, y, z] }, { label: "Move cuboid" });
    expect(shown().center_m[0]).toBeCloseTo(12, 9);
    expect(sent.map(({ label }) => label)).toEqual(["Move cuboid"]);
  });

  it("given up leaves nothing behind", () => {
    const start = bench.selectedEgo.value;
    if (!start) throw new Error("nothing is chosen");
    previewCuboid(bench, { ...start, size_m: [9, 9, 9] });
    bench.editor.cancelPreview();
    expect(shown().size_m).toEqual([4.5, 1.9, 1.6]);
  });
});

describe("keys", () => {
  it("pressed one after another are one step of undo", () => {
    for (let n = 0; n < 5; n++) nudge(bench, [0, 0.02, 0]);
    expect(shown().center_m[1]).toBeCloseTo(0.1, 9);
    expect(sent).toHaveLength(1);
    void bench.editor.undo();
    expect(shown().center_m[1]).toBeCloseTo(0, 9);
  });

  it("flip only what they are told to", () => {
    flip(bench);
    const later = worldKeyAt(bench.selected.value ?? object("none", []), bench.scene.keyTime(1));
    expect(shown().quaternion_xyzw[3]).toBeCloseTo(0, 9);
    expect(isCuboid(later?.geometry ?? null) && later?.geometry).toMatchObject({
      quaternion_xyzw: [0, 0, 0, 1],
    });
  });
});

describe("going on without a key", () => {
  const chosen = () => bench.selected.value ?? object("none", []);

  it("expects the object where its motion leads", () => {
    expect(expectedGhost(bench.store, chosen(), bench.scene.keyTime(3))?.center_m[0]).toBeCloseTo(
      13,
      6,
    );
  });

  it("expects nothing where a key or the time between keys says where it is", () => {
    expect(expectedGhost(bench.store, chosen(), bench.scene.keyTime(1))).toBeNull();
  });

  it("expects nothing of what is said to be absent", () => {
    bench.clock.goTo(2);
    void bench.editor.commit({
      label: "Absent",
      ops: markAbsent(chosen(), bench.clock.at_ns.value),
    });
    expect(expectedGhost(bench.store, chosen(), bench.scene.keyTime(3))).toBeNull();
  });
});

describe("linking", () => {
  const chosen = () => bench.selected.value ?? object("none", []);
  const camera = () => bench.scene.cameras[0]?.key ?? "";

  it("reaches every camera that sees the object, once", () => {
    const ops = linksIn(bench, chosen(), 0);
    expect(ops.map((op) => (op.k === "key.put" ? op.stream : ""))).toEqual([`${camera()}/box`]);
    void bench.editor.commit({ label: "Link", ops });
    expect(linksIn(bench, chosen(), 0)).toEqual([]);
  });

  it("is carried on to the next frame where it was done in the one before", () => {
    expect(linksCarriedOn(bench, chosen(), 0, 1)).toEqual([]);
    void bench.editor.commit({ label: "Link", ops: linksIn(bench, chosen(), 0) });
    expect(linksCarriedOn(bench, chosen(), 0, 1)).toHaveLength(1);
  });

  it("covers the whole track at once", () => {
    expect(linksEverywhere(bench, chosen()).length).toBeGreaterThanOrEqual(2);
  });
});

it("keeps times in step with the frames", () => {
  bench.clock.goTo(3);
  expect(bench.clock.at_ns.value).toBeGreaterThanOrEqual(3 * FRAME_NS);
});

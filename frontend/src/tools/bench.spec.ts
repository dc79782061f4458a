/** Edits through a real document and a real editor: what keys and hands do to the chosen cuboid. */

import { beforeEach, describe, expect, it } from "vitest";
import { Clock } from "../core/clock";
import { CommandRegistry } from "../core/commands";
import { DocumentStore } from "../core/document";
import { Editor } from "../core/editor";
import { worldKeyAt } from "../core/evaluate";
import { History } from "../core/history";
import { KeyMap } from "../core/keymap";
import { cuboid, FRAME_NS, keyedAt, labelDocument, manifest, object } from "../core/samples";
import { Scene } from "../core/scene";
import { Selection } from "../core/selection";
import type { ChangeSet } from "../core/types";
import { AssetClient } from "../data/assets";
import { isCuboid } from "../math/trajectory";
import { Bench } from "./bench";
import { copyToStep, predicted } from "./copying";
import { flip, nudge, previewCuboid, reshape } from "./cuboid-edits";

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

describe("copying on", () => {
  it("goes where the motion leads", () => {
    bench.clock.goTo(1);
    const next = predicted(
      bench,
      bench.selected.value ?? object("none", []),
      bench.scene.keyTime(1),
      bench.scene.keyTime(2),
    );
    expect(next?.center_m[0]).toBeCloseTo(12, 6);
  });

  it("makes a key in the next frame and shows it", () => {
    bench.clock.goTo(1);
    copyToStep(bench, 1);
    expect(bench.clock.frame.value).toBe(2);
    const key = worldKeyAt(bench.selected.value ?? object("none", []), bench.scene.keyTime(2));
    expect(key?.origin).toBe("track");
  });

  it("leaves a key of a person's own as it is", () => {
    copyToStep(bench, 1);
    expect(bench.clock.frame.value).toBe(1);
    expect(sent).toHaveLength(0);
  });

  it("stays within the scene", () => {
    bench.clock.goTo(4);
    copyToStep(bench, 1);
    expect(bench.clock.frame.value).toBe(4);
  });
});

it("keeps times in step with the frames", () => {
  bench.clock.goTo(3);
  expect(bench.clock.at_ns.value).toBeGreaterThanOrEqual(3 * FRAME_NS);
});

import { describe, expect, it } from "vitest";
import { DocumentStore } from "../core/document";
import { Editor } from "../core/editor";
import { addCuboid, deleteObject, markNotVisible, putCuboid, setFields } from "../core/edits";
import { boxStream } from "../core/evaluate";
import { History } from "../core/history";
import {
  CAR,
  cuboid,
  FRAME_NS,
  keyedAt,
  labelDocument,
  manifest,
  object,
  seeded,
} from "../core/samples";
import { Scene } from "../core/scene";
import { signal } from "../core/signals";
import type { Finding, LabelledObject, Op, Vec3 } from "../core/types";
import { buildGrid } from "../math/grid";
import type { GroundRaster } from "../math/ground";
import type { Cloud } from "./context";
import { CheckRunner } from "./runner";

const FLAT: GroundRaster = {
  nx: 200,
  ny: 200,
  cell_m: 0.5,
  origin_x_m: -50,
  origin_y_m: -50,
  height_mm: new Int16Array(200 * 200),
};

/** Points on the rear and the right side of a car that stands at x, y on flat ground. */
function carPoints(x: number, y: number, random: () => number): number[] {
  return Array.from({ length: 300 }, (_, n): readonly number[] => {
    const up = 0.25 + random() * 1.25;
    return n % 2 === 0
      ? [x - 2.24, y + (random() - 0.5) * 1.86, up]
      : [x + (random() - 0.5) * 4.46, y - 0.94, up];
  }).flat();
}

function cloudOf(...cars: readonly (readonly [number, number])[]): Cloud {
  const random = seeded(5);
  const positions = Float32Array.from(cars.flatMap(([x, y]) => carPoints(x, y, random)));
  return { positions, grid: buildGrid(positions), ground: FLAT };
}

interface Bench {
  readonly store: DocumentStore;
  readonly runner: CheckRunner;
  readonly edit: (ops: readonly Op[]) => Promise<void>;
}

function benchWith(objects: readonly LabelledObject[], cloud: Cloud | null): Bench {
  const store = new DocumentStore(new Scene(manifest()), labelDocument(objects));
  const sink = {
    append: () => Promise.resolve(),
    canAmend: () => false,
    amend: () => Promise.resolve(),
  };
  const editor = new Editor({ store, history: new History(), sink });
  const runner = new CheckRunner({ store, frame: signal(0), cloud: () => cloud });
  return { store, runner, edit: (ops) => editor.commit({ label: "Edit", ops }) };
}

const CENTER: Vec3 = [20, 2, 0.8];

/** A car that stands well on the ground, linked to the camera. */
function goodCar(id = "a", center_m: Vec3 = CENTER): LabelledObject {
  const car = object(id, [{ ...keyedAt(cuboid(center_m)), at_ns: 0 }]);
  const derived = keyedAt(null, { state: "derived", origin: "project" });
  const streams = {
    ...car.streams,
    [boxStream("CAM_FRONT")]: [{ ...derived, at_ns: 20_000_000 }],
  };
  return { ...car, streams };
}

function the(bench: Bench, id = "a"): LabelledObject {
  const found = bench.store.objects.value.get(id);
  if (!found) throw new RangeError(`there is no object ${id}`);
  return found;
}

function says(bench: Bench): readonly (readonly [string, string])[] {
  return bench.runner.findings.value.map((each) => [each.check, each.message] as const);
}

describe("the local tier", () => {
  it("is silent about a good car", async () => {
    const bench = benchWith([goodCar()], cloudOf([20, 2]));

    await bench.edit(putCuboid(the(bench), 0, cuboid([20.01, 2, 0.8])));

    expect(says(bench)).toEqual([]);
  });

  it("sees a car float, and offers what mends it", async () => {
    const bench = benchWith([goodCar()], cloudOf([20, 2]));

    await bench.edit(putCuboid(the(bench), 0, cuboid([20, 2, 1.01])));
    const floats = bench.runner.findings.value.find((each) => each.check === "ground.gap");
    await bench.edit(floats?.fixes[0]?.ops ?? []);

    expect(floats).toMatchObject({
      message: "It floats 0.21 m above the ground.",
      severity: "warning",
      object_id: "a",
      at_ns: 0,
    });
    expect(floats?.fixes[0]?.label).toBe("Set on the ground (-0.21 m)");
    expect(says(bench)).toEqual([]);
    expect(bench.store.cuboidAt(the(bench), 0)?.center_m[2]).toBeCloseTo(0.8, 9);
  });

  it("counts the points inside, and those that stick out", async () => {
    const bench = benchWith([goodCar()], cloudOf([20, 2]));

    await bench.edit(putCuboid(the(bench), 0, cuboid([20.15, 2, 0.8])));
    const outside = bench.runner.findings.value.find((each) => each.check === "pts.outside");
    await bench.edit(putCuboid(the(bench), 0, cuboid([20, 12, 0.8])));

    expect(outside?.message).toMatch(/points stick out of its rear face\.$/);
    expect(says(bench)).toContainEqual(["pts.few", "It holds no point."]);
  });

  it("wants a box where a confirmed cuboid is well visible, and takes a reason for none", async () => {
    const bench = benchWith([], cloudOf([20, 2]));
    const { id, ops } = addCuboid({ fields: CAR, at_ns: 0, cuboid: cuboid(CENTER) });

    await bench.edit(ops);
    const missing = bench.runner.findings.value.filter((each) => each.check === "link.missing");
    await bench.edit(markNotVisible(the(bench, id), "CAM_FRONT", 20_000_000, "behind a bus"));

    expect(missing).toHaveLength(1);
    expect(missing[0]).toMatchObject({ sensor_key: "CAM_FRONT", at_ns: 20_000_000 });
    expect(missing[0]?.fixes[0]?.ops[0]).toMatchObject({
      k: "key.put",
      stream: "CAM_FRONT/box",
      next: { state: "derived", geometry: null },
    });
    expect(says(bench)).toEqual([]);
  });

  it("compares a drawn box with the projection, and finds the one change that explains it", async () => {
    const bench = benchWith([goodCar()], cloudOf([20, 2]));
    const seen = bench.store.observation(the(bench), "CAM_FRONT", 20_000_000);
    const [left, top, right, bottom] = seen?.box_px ?? [0, 0, 0, 0];
    const put: Op = {
      k: "key.put",
      obj: "a",
      stream: "CAM_FRONT/box",
      at_ns: 20_000_000,
      prev: null,
      next: keyedAt(
        { box_px: [left, top - 26, right, bottom - 26] },
        { state: "adjusted", reason: "seen higher" },
      ),
    };

    await bench.edit([put]);
    const [finding] = bench.runner.findings.value;
    const change = finding?.fixes[0]?.ops[0];

    expect(finding?.check).toBe("proj.edges");
    expect(finding?.message).toContain("above or below the drawn box");
    expect(finding?.fixes.map((fix) => fix.label)).toEqual([
      expect.stringMatching(/^Raise 0\.\d\d m$/),
      "Draw the box from the cuboid",
    ]);
    expect(change).toMatchObject({ k: "key.put", stream: "world/cuboid", at_ns: 0 });
  });

  it("sees two objects share space, from either side, once", async () => {
    const bench = benchWith([goodCar("a"), goodCar("b", [20, 30, 0.8])], cloudOf([20, 2]));

    await bench.edit(putCuboid(the(bench, "b"), 0, cuboid([20.4, 2.1, 0.8])));
    const together = says(bench).filter(([check]) => check === "dup.overlap");
    await bench.edit(putCuboid(the(bench, "a"), 0, cuboid(CENTER, 0.01)));
    const again = says(bench).filter(([check]) => check === "dup.overlap");
    await bench.edit(putCuboid(the(bench, "a"), 0, cuboid([20, 40, 0.8])));

    expect(together).toEqual([["dup.overlap", "It is nearly the same as car b."]]);
    expect(again).toHaveLength(1);
    expect(says(bench).filter(([check]) => check === "dup.overlap")).toEqual([]);
  });

  it("knows how a class moves and how large it is", async () => {
    const bench = benchWith([goodCar()], null);

    await bench.edit(putCuboid(the(bench), FRAME_NS, cuboid([27, 2, 0.8])));
    await bench.edit(putCuboid(the(bench), FRAME_NS, cuboid([27, 2, 0.8], 0, [6, 1.9, 1.6])));

    expect(says(bench)).toContainEqual([
      "size.prior",
      "Its length is 6.00 m; at most 5.60 m is usual.",
    ]);
    expect(says(bench).map(([check]) => check)).toContain("size.track");
    expect(says(bench).map(([check]) => check)).toContain("kin.speed");
  });

  it("speaks for the server until the server has spoken", async () => {
    const server: Finding = {
      id: 7,
      check: "ground.gap",
      severity: "warning",
      blocking: false,
      state: "open",
      source: "check",
      object_id: "a",
      sensor_key: null,
      at_ns: 0,
      message: "It floats 0.30 m above the ground.",
      measured: 0.3,
      threshold: 0.15,
      unit: "m",
      clause: "",
      fixes: [],
      waiver_reason: "",
      author_name: "",
      created_at: "",
    };
    const bench = benchWith([goodCar()], cloudOf([20, 2]));
    bench.store.replaceFindings([server]);
    const before = says(bench);

    await bench.edit(putCuboid(the(bench), 0, cuboid([20, 2, 0.805])));
    const during = says(bench);
    const [mine] = bench.store.pending;
    bench.store.acknowledge({
      version: 2,
      accepted: [{ id: mine?.id ?? "", version: 2 }],
      since: [],
      findings: { opened: [{ ...server, id: 8, message: "Anew." }], updated: [], closed: [7] },
      residuals: [],
    });

    expect(before).toEqual([["ground.gap", "It floats 0.30 m above the ground."]]);
    expect(during).toEqual([]);
    expect(says(bench)).toEqual([["ground.gap", "Anew."]]);
  });

  it("leaves the server's word where points are not in memory, and goes with its object", async () => {
    const few: Finding = {
      id: 9,
      check: "pts.few",
      severity: "error",
      blocking: true,
      state: "open",
      source: "check",
      object_id: "a",
      sensor_key: null,
      at_ns: 0,
      message: "It holds no point.",
      measured: 0,
      threshold: 5,
      unit: "points",
      clause: "",
      fixes: [],
      waiver_reason: "",
      author_name: "",
      created_at: "",
    };
    const bench = benchWith([goodCar()], null);
    bench.store.replaceFindings([few]);

    await bench.edit(setFields(the(bench), { attributes: { moving: true } }));
    const kept = says(bench);
    await bench.edit(deleteObject(the(bench)));

    expect(kept).toEqual([["pts.few", "It holds no point."]]);
    expect(says(bench)).toEqual([]);
  });

  it("hints while a hand still drags, and keeps nothing of it", () => {
    const bench = benchWith([goodCar()], cloudOf([20, 2]));

    bench.store.preview(putCuboid(the(bench), 0, cuboid([20, 2, 1.3])));
    const hints = bench.runner.hints("a", 0).map((each) => each.check);
    bench.store.clearPreview();

    expect(hints).toContain("ground.gap");
    expect(bench.runner.findings.value).toEqual([]);
  });
});

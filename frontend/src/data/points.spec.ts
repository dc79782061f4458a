import { describe, expect, it } from "vitest";
import { apply, fromPose, IDENTITY } from "../math/rigid";
import { buffersOf, decodePoints, egoPositions, indicesAbove, makeCloud } from "./points";

interface Attribute {
  readonly id: number;
  readonly type: number;
  readonly components: number;
  readonly bytes: Uint8Array;
}

function bytesOf(array: Int16Array | Int32Array | Uint8Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A point frame as docs/reference/wire.md has it. */
function pointFile(count: number, attributes: readonly Attribute[], scale_m = 0.005): ArrayBuffer {
  const table = 72 + attributes.length * 16;
  const align = (at: number) => Math.ceil(at / 4) * 4;
  const offsets: number[] = [];
  let end = table;
  for (const { bytes } of attributes) {
    offsets.push(align(end));
    end = align(end) + bytes.byteLength;
  }
  const file = new ArrayBuffer(end);
  const view = new DataView(file);
  new Uint8Array(file).set([..."MSP1"].map((letter) => letter.charCodeAt(0)));
  view.setUint16(6, attributes.length, true);
  view.setUint32(8, count, true);
  view.setFloat64(16, 12.5, true);
  for (const axis of [0, 1, 2]) {
    view.setFloat64(24 + axis * 8, scale_m, true);
    view.setFloat64(48 + axis * 8, [1, 2, 3][axis] ?? 0, true);
  }
  attributes.forEach(({ id, type, components, bytes }, n) => {
    const at = 72 + n * 16;
    view.setUint8(at, id);
    view.setUint8(at + 1, type);
    view.setUint16(at + 2, components, true);
    view.setUint32(at + 4, offsets[n] ?? 0, true);
    new Uint8Array(file).set(bytes, offsets[n] ?? 0);
  });
  return file;
}

const PLANES = Int16Array.from([0, 200, -400, 0, 400, 200, 100, -200, 0]);

function threePoints(): ArrayBuffer {
  return pointFile(3, [
    { id: 1, type: 2, components: 3, bytes: bytesOf(PLANES) },
    { id: 2, type: 1, components: 1, bytes: Uint8Array.from([10, 20, 255]) },
    { id: 4, type: 3, components: 1, bytes: bytesOf(Uint16Array.from([0, 50_000, 65_535])) },
  ]);
}

/** A ground raster of 4 x 4 cells of 1 m around the origin, at one height. */
function groundFile(height_mm: number): ArrayBuffer {
  const file = new ArrayBuffer(32 + 2 * 16);
  const view = new DataView(file);
  new Uint8Array(file).set([..."CGR1"].map((letter) => letter.charCodeAt(0)));
  view.setUint32(4, 4, true);
  view.setUint32(8, 4, true);
  view.setFloat32(12, 1, true);
  view.setFloat64(16, -2, true);
  view.setFloat64(24, -2, true);
  for (let cell = 0; cell < 16; cell++) view.setInt16(32 + 2 * cell, height_mm, true);
  return file;
}

describe("a point frame", () => {
  it("is read without copying what the GPU takes", () => {
    const file = threePoints();

    const frame = decodePoints(file);

    expect(frame.count).toBe(3);
    expect(frame.time_s).toBe(12.5);
    expect(frame.xyz.buffer).toBe(file);
    expect([...frame.xyz]).toEqual([...PLANES]);
    expect([...(frame.intensity ?? [])]).toEqual([10, 20, 255]);
    expect([...(frame.dt_us ?? [])]).toEqual([0, 50_000, 65_535]);
    expect(frame.ring).toBe(null);
  });

  it("takes wider clouds as int32", () => {
    const planes = Int32Array.from([100_000, 0, -100_000]);
    const file = pointFile(1, [{ id: 1, type: 4, components: 3, bytes: bytesOf(planes) }]);

    expect([...egoPositions(decodePoints(file), IDENTITY)]).toEqual([501, 2, -497]);
  });

  it("gives positions in the ego frame", () => {
    const pose = fromPose({
      translation_m: [0.5, -1, 1.8],
      quaternion_xyzw: [0.1, 0.2, 0.3, 0.9],
    });
    const frame = decodePoints(threePoints());

    const positions = egoPositions(frame, pose);

    for (let n = 0; n < 3; n++) {
      const local = [0, 1, 2].map(
        (axis) => (frame.xyz[axis * 3 + n] ?? 0) * 0.005 + (frame.origin_m[axis] ?? 0),
      );
      const [x = 0, y = 0, z = 0] = local;
      apply(pose, [x, y, z]).forEach((value, axis) => {
        expect(positions[3 * n + axis]).toBeCloseTo(value, 5);
      });
    }
  });

  it.each([
    ["nothing", new ArrayBuffer(10), "header is cut short"],
    ["another magic", new ArrayBuffer(80), "not MSP1"],
    ["an attribute beyond the end", threePoints().slice(0, 130), "ends beyond the file"],
    [
      "10^9 points",
      (() => {
        const file = threePoints();
        new DataView(file).setUint32(8, 1_000_000_000, true);
        return file;
      })(),
      "ends beyond the file",
    ],
    ["no positions", pointFile(0, []), "no positions"],
    [
      "an unknown type",
      pointFile(1, [{ id: 1, type: 9, components: 3, bytes: new Uint8Array(6) }]),
      "unknown type 9",
    ],
  ])("that holds %s is refused in words", (_what, file, words) => {
    expect(() => decodePoints(file)).toThrow(words);
  });
});

describe("a cloud", () => {
  it("knows which points stand above the ground", () => {
    const positions = Float32Array.from([0, 0, 0.1, 0.5, 0.5, 0.5, 1, 1, 0.2, 90, 90, -5]);
    const cloud = makeCloud({
      points: threePoints(),
      ground: groundFile(0),
      ego_from_sensor: IDENTITY,
    });
    const raster = cloud.ground;

    expect(raster && [...indicesAbove(positions, raster)]).toEqual([1, 2, 3]);
    expect(cloud.positions).toHaveLength(9);
    expect(cloud.bytes).toBeGreaterThan(0);
  });

  it("hands its memory over, each piece once", () => {
    const cloud = makeCloud({ points: threePoints(), ground: null, ego_from_sensor: IDENTITY });

    const buffers = buffersOf(cloud);
    const moved = structuredClone(cloud, { transfer: buffers });

    expect(new Set(buffers).size).toBe(buffers.length);
    expect(moved.positions).toHaveLength(9);
    expect(cloud.positions).toHaveLength(0);
  });
});

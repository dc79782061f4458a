/** Point frames: the `.pts` file, decoded without copying, and the same points in metres with their grids. */

import { buildGrid, type Grid, type Positions } from "../math/grid";
import { cellHeight, decodeGround, type GroundRaster } from "../math/ground";
import type { Rigid } from "../math/rigid";

/** Points as they came, planar: all x, then all y, then all z. The GPU takes them as they are. */
export interface PointFrame {
  readonly count: number;
  /** Seconds since the scene's t0. */
  readonly time_s: number;
  readonly scale_m: readonly [number, number, number];
  /** Added after scaling; sensor frame. */
  readonly origin_m: readonly [number, number, number];
  /** 3 planes of `count` steps. */
  readonly xyz: Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
  /** 0 to 255, stretched between the 1st and 99th percentile. */
  readonly intensity: Uint8Array<ArrayBuffer> | null;
  readonly ring: Uint8Array<ArrayBuffer> | null;
  readonly dt_us: Uint16Array<ArrayBuffer> | null;
}

/** A frame ready for work: everything in the ego frame at the capture's time. */
export interface PointCloud {
  readonly frame: PointFrame;
  readonly ego_from_sensor: Rigid;
  /** x y z after one another, metres. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly grid: Grid;
  /** Over the points that stand above the ground; the same as `grid` where no ground is known. */
  readonly aboveGround: Grid;
  readonly ground: GroundRaster | null;
  /** Of everything above, for the memory budget. */
  readonly bytes: number;
}

const HEADER_BYTES = 72;
const ENTRY_BYTES = 16;
const ID = { xyz: 1, intensity: 2, ring: 3, dt_us: 4 } as const;
const TYPE_BYTES: { readonly [type: number]: number } = { 1: 1, 2: 2, 3: 2, 4: 4, 5: 4 };
/** Points lower above the road than this belong to it. */
export const GROUND_GATE_M = 0.2;

interface Attribute {
  readonly type: number;
  readonly components: number;
  readonly offset: number;
}

function attributesOf(view: DataView, count: number): ReadonlyMap<number, Attribute> {
  const attributes = new Map<number, Attribute>();
  const entries = view.getUint16(6, true);
  if (view.byteLength < HEADER_BYTES + entries * ENTRY_BYTES) {
    throw new RangeError("point frame: the attribute table is cut short");
  }
  for (let n = 0; n < entries; n++) {
    const at = HEADER_BYTES + n * ENTRY_BYTES;
    const [id, type] = [view.getUint8(at), view.getUint8(at + 1)];
    const [components, offset] = [view.getUint16(at + 2, true), view.getUint32(at + 4, true)];
    const bytes = (TYPE_BYTES[type] ?? 0) * components * count;
    if (bytes === 0 && count > 0) {
      throw new RangeError(`point frame: attribute ${id} has the unknown type ${type}`);
    }
    if (offset + bytes > view.byteLength) {
      throw new RangeError(`point frame: attribute ${id} ends beyond the file`);
    }
    attributes.set(id, { type, components, offset });
  }
  return attributes;
}

/** A view on the file's own bytes where they are aligned for it, a copy where not. */
function aligned(bytes: ArrayBuffer, offset: number, length: number, size: number): ArrayBuffer {
  return offset % size === 0 ? bytes : bytes.slice(offset, offset + length * size);
}

function readXyz(
  bytes: ArrayBuffer,
  attribute: Attribute | undefined,
  count: number,
): PointFrame["xyz"] {
  if (attribute?.components !== 3) throw new RangeError("point frame: it has no positions");
  const { type, offset } = attribute;
  const size = type === 2 ? 2 : 4;
  const buffer = aligned(bytes, offset, count * 3, size);
  const start = buffer === bytes ? offset : 0;
  if (type === 2) return new Int16Array(buffer, start, count * 3);
  if (type === 4) return new Int32Array(buffer, start, count * 3);
  throw new RangeError(`point frame: positions have type ${type}, not 2 or 4`);
}

function readBytes(
  bytes: ArrayBuffer,
  attribute: Attribute | undefined,
  count: number,
): Uint8Array<ArrayBuffer> | null {
  return attribute?.type === 1 ? new Uint8Array(bytes, attribute.offset, count) : null;
}

function readShorts(
  bytes: ArrayBuffer,
  attribute: Attribute | undefined,
  count: number,
): Uint16Array<ArrayBuffer> | null {
  if (attribute?.type !== 3) return null;
  const buffer = aligned(bytes, attribute.offset, count, 2);
  return new Uint16Array(buffer, buffer === bytes ? attribute.offset : 0, count);
}

/** Reads a `.pts` file (already inflated). Throws RangeError naming what is wrong. */
export function decodePoints(bytes: ArrayBuffer): PointFrame {
  if (bytes.byteLength < HEADER_BYTES)
    throw new RangeError("point frame: the header is cut short");
  const view = new DataView(bytes);
  const magic = String.fromCharCode(...new Uint8Array(bytes, 0, 4));
  if (magic !== "MSP1") throw new RangeError(`point frame: it starts with ${magic}, not MSP1`);
  const count = view.getUint32(8, true);
  const attributes = attributesOf(view, count);
  const triple = (at: number) =>
    [
      view.getFloat64(at, true),
      view.getFloat64(at + 8, true),
      view.getFloat64(at + 16, true),
    ] as const;
  return {
    count,
    time_s: view.getFloat64(16, true),
    scale_m: triple(24),
    origin_m: triple(48),
    xyz: readXyz(bytes, attributes.get(ID.xyz), count),
    intensity: readBytes(bytes, attributes.get(ID.intensity), count),
    ring: readBytes(bytes, attributes.get(ID.ring), count),
    dt_us: readShorts(bytes, attributes.get(ID.dt_us), count),
  };
}

/** Every point in metres in the ego frame. The rotation is taken into the scales, so a point costs nine products. */
export function egoPositions(
  frame: PointFrame,
  ego_from_sensor: Rigid,
): Float32Array<ArrayBuffer> {
  const { count, xyz } = frame;
  const [sx, sy, sz] = frame.scale_m;
  const [ox, oy, oz] = frame.origin_m;
  const r = ego_from_sensor.rotation;
  const t = ego_from_sensor.translation_m;
  const [ax, bx, cx] = [r[0] * sx, r[1] * sy, r[2] * sz];
  const [ay, by, cy] = [r[3] * sx, r[4] * sy, r[5] * sz];
  const [az, bz, cz] = [r[6] * sx, r[7] * sy, r[8] * sz];
  const dx = r[0] * ox + r[1] * oy + r[2] * oz + t[0];
  const dy = r[3] * ox + r[4] * oy + r[5] * oz + t[1];
  const dz = r[6] * ox + r[7] * oy + r[8] * oz + t[2];
  const positions = new Float32Array(count * 3);
  for (let n = 0; n < count; n++) {
    const x = xyz[n] ?? 0;
    const y = xyz[count + n] ?? 0;
    const z = xyz[2 * count + n] ?? 0;
    positions[3 * n] = ax * x + bx * y + cx * z + dx;
    positions[3 * n + 1] = ay * x + by * y + cy * z + dy;
    positions[3 * n + 2] = az * x + bz * y + cz * z + dz;
  }
  return positions;
}

/** Indices of the points that stand above the road, and of those under which no road is known. */
export function indicesAbove(
  positions: Positions,
  ground: GroundRaster,
  gate_m: number = GROUND_GATE_M,
): Uint32Array<ArrayBuffer> {
  const above = new Uint32Array(positions.length / 3);
  let kept = 0;
  for (let n = 0; n * 3 < positions.length; n++) {
    const ix = Math.floor(((positions[3 * n] ?? 0) - ground.origin_x_m) / ground.cell_m);
    const iy = Math.floor(((positions[3 * n + 1] ?? 0) - ground.origin_y_m) / ground.cell_m);
    const height = cellHeight(ground, ix, iy);
    if (height !== null && (positions[3 * n + 2] ?? 0) < height + gate_m) continue;
    above[kept] = n;
    kept += 1;
  }
  return above.slice(0, kept);
}

export interface DecodeRequest {
  readonly points: ArrayBuffer;
  readonly ground: ArrayBuffer | null;
  readonly ego_from_sensor: Rigid;
}

/** All of the work on one frame: what the worker does. */
export function makeCloud({ points, ground, ego_from_sensor }: DecodeRequest): PointCloud {
  const frame = decodePoints(points);
  const raster = ground ? decodeGround(ground) : null;
  const positions = egoPositions(frame, ego_from_sensor);
  const grid = buildGrid(positions);
  const aboveGround = raster ? buildGrid(positions, indicesAbove(positions, raster)) : grid;
  const bytes =
    points.byteLength +
    (ground?.byteLength ?? 0) +
    positions.byteLength +
    gridBytes(grid) +
    (aboveGround === grid ? 0 : gridBytes(aboveGround));
  return { frame, ego_from_sensor, positions, grid, aboveGround, ground: raster, bytes };
}

function gridBytes(grid: Grid): number {
  return grid.start.byteLength + grid.order.byteLength;
}

/** The buffers that can be handed from the worker without a copy. */
export function buffersOf(cloud: PointCloud): ArrayBuffer[] {
  const arrays = [
    cloud.frame.xyz,
    cloud.frame.intensity,
    cloud.frame.ring,
    cloud.frame.dt_us,
    cloud.positions,
    cloud.grid.start,
    cloud.grid.order,
    cloud.aboveGround.start,
    cloud.aboveGround.order,
    cloud.ground?.height_mm,
  ];
  const buffers = arrays.map((array) => array?.buffer);
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

/** Small made-up scenes and random operations for the specs. */

import { fromYaw } from "../math/quaternion";
import { WORLD } from "./evaluate";
import { applied, fieldsOf, keyValue, newId, type Objects } from "./ops";
import type {
  AtNs,
  Cuboid,
  Frame,
  GuidelineDocument,
  Key,
  KeyValue,
  LabelDocument,
  LabelledObject,
  Manifest,
  ObjectFields,
  Op,
  Sensor,
  Vec3,
} from "./types";

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const CAR: ObjectFields = {
  class: "car",
  attributes: {},
  motion: "dynamic",
  size_locked: false,
};

export function cuboid(center_m: Vec3, yaw_rad = 0, size_m: Vec3 = [4.5, 1.9, 1.6]): Cuboid {
  return { center_m, quaternion_xyzw: fromYaw(yaw_rad), size_m };
}

export function keyedAt(geometry: KeyValue["geometry"], change: Partial<KeyValue> = {}): KeyValue {
  return {
    geometry,
    state: "keyed",
    origin: "human",
    confirmed: true,
    absent: false,
    reason: "",
    attributes: {},
    ...change,
  };
}

export function object(id: string, keys: readonly Key[], fields = CAR): LabelledObject {
  return { id, ...fields, streams: keys.length > 0 ? { [WORLD]: keys } : {} };
}

export const FRAME_NS = 100_000_000;

/** A camera that looks along the ego's x axis from its origin. */
export const FRONT_CAMERA: Sensor = {
  id: 2,
  key: "CAM_FRONT",
  label: "Front camera",
  modality: "camera",
  viewer: "image",
  calibration: {
    id: 12,
    version: 1,
    ego_from_sensor: {
      translation_m: [0, 0, 1.5],
      quaternion_xyzw: [-0.5, 0.5, -0.5, 0.5],
    },
    camera: {
      model: "pinhole",
      width_px: 1600,
      height_px: 900,
      fx_px: 1266,
      fy_px: 1266,
      cx_px: 800,
      cy_px: 450,
      distortion: [],
    },
  },
};

export const TOP_LIDAR: Sensor = {
  id: 1,
  key: "LIDAR_TOP",
  label: "Top lidar",
  modality: "lidar",
  viewer: "point-cloud",
  calibration: {
    id: 11,
    version: 1,
    ego_from_sensor: { translation_m: [0, 0, 1.8], quaternion_xyzw: [0, 0, 0, 1] },
    camera: null,
  },
};

function frame(index: number): Frame {
  const at_ns = index * FRAME_NS;
  return {
    index,
    at_ns,
    captures: {
      LIDAR_TOP: {
        id: index * 2 + 1,
        at_ns,
        asset: `p${index}`,
        points_url: `/assets/p${index}.pts?until=1&sig=a`,
        point_count: 100,
        ground_url: null,
      },
      CAM_FRONT: {
        id: index * 2 + 2,
        at_ns: at_ns + 20_000_000,
        asset: `i${index}`,
        image_url: `/assets/i${index}.jpg?until=1&sig=a`,
        preview_url: `/assets/w${index}.webp?until=1&sig=a`,
        width_px: 1600,
        height_px: 900,
      },
    },
  };
}

export const GUIDELINE: GuidelineDocument = {
  taxonomy: {
    classes: [
      {
        key: "car",
        label: "Car",
        color: "#0072b2",
        parent: null,
        shapes: ["cuboid", "box"],
        rigid: true,
        grounded: true,
        default_size_m: [4.5, 1.9, 1.6],
        confusable_with: [],
        limits: {},
      },
    ],
    attributes: [],
  },
  checks: {},
  policy: {},
};

export function manifest(frameCount = 5): Manifest {
  return {
    scene: {
      id: 12,
      name: "Drive 1",
      project_id: 3,
      project_slug: "drives",
      project_name: "Drives",
      t0_ns: "1700000000000000000",
      duration_ns: frameCount * FRAME_NS,
      frame_count: frameCount,
    },
    room: "scene:3:12",
    sensors: [TOP_LIDAR, FRONT_CAMERA],
    frames: Array.from({ length: frameCount }, (_, index) => frame(index)),
    ego_poses: [],
    guideline: { version_id: 1, number: 1, document: GUIDELINE, clauses: [] },
  };
}

export function labelDocument(objects: readonly LabelledObject[] = []): LabelDocument {
  return {
    task: {
      id: 88,
      kind: "label",
      state: "in_progress",
      scene_id: 12,
      scene_name: "Drive 1",
      project_id: 3,
      project_name: "Drives",
      author_id: 1,
      assignee_id: 1,
      priority: 0,
      due_on: null,
    },
    mode: "label",
    lease: { token: 7, expires_at: "2030-01-01T00:00:00Z", holder_id: 1 },
    scene_id: 12,
    version: 1,
    objects,
    findings: [],
    residuals: [],
  };
}

function pick<T>(random: () => number, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}

function randomKey(random: () => number): KeyValue {
  return keyedAt(cuboid([random() * 50, random() * 50, 0], random() * 6), {
    origin: random() < 0.5 ? "human" : "fit",
  });
}

const TIMES: readonly AtNs[] = [0, 1, 2, 3, 4].map((n) => n * FRAME_NS);

/** One operation that fits these objects, as a random hand would make it. */
export function randomOp(objects: Objects, random: () => number): Op {
  const target = pick(random, [...objects.values()]);
  if (!target || random() < 0.15) return { k: "obj.add", obj: newId(), next: CAR };
  const choice = random();
  if (choice < 0.1) {
    return {
      k: "obj.del",
      obj: target.id,
      prev: { ...fieldsOf(target), streams: target.streams },
    };
  }
  if (choice < 0.3) {
    const next = { class: random() < 0.5 ? "car" : "truck" };
    return { k: "obj.set", obj: target.id, prev: { class: target.class }, next };
  }
  return randomKeyOp(target, random, choice < 0.5);
}

function randomKeyOp(target: LabelledObject, random: () => number, removing: boolean): Op {
  const keys = target.streams[WORLD] ?? [];
  const key = pick(random, keys);
  if (key && removing) {
    return { k: "key.del", obj: target.id, stream: WORLD, at_ns: key.at_ns, prev: keyValue(key) };
  }
  const at_ns = pick(random, TIMES) ?? 0;
  const there = keys.find((each) => each.at_ns === at_ns);
  const prev = there ? keyValue(there) : null;
  return { k: "key.put", obj: target.id, stream: WORLD, at_ns, prev, next: randomKey(random) };
}

export function randomOps(objects: Objects, count: number, random: () => number): readonly Op[] {
  const ops: Op[] = [];
  let current = objects;
  for (let n = 0; n < count; n++) {
    const op = randomOp(current, random);
    ops.push(op);
    current = applied(current, [op]);
  }
  return ops;
}

/** Objects as plain data in a fixed order, for comparing. */
export function plain(objects: Objects): readonly LabelledObject[] {
  return [...objects.values()].toSorted((a, b) => a.id.localeCompare(b.id));
}

/** What an edit costs in the browser: 40 neighbours, 6 cameras with distortion, a cloud of 200,000 points. */

import { bench, describe } from "vitest";
import { answerClick, clickRequest, priorOf, seedOf } from "../assist/one-click";
import { USUAL_PITCH_RAD } from "../assist/pitch";
import { car, LIDAR_M, street } from "../assist/street";
import { CheckRunner } from "../checks/runner";
import { DocumentStore } from "../core/document";
import { putCuboid } from "../core/edits";
import { newChangeSets } from "../core/ops";
import { keyedAt, labelDocument, manifest, object, seeded } from "../core/samples";
import { Scene } from "../core/scene";
import { signal } from "../core/signals";
import type { Manifest, Sensor } from "../core/types";
import { indicesAbove } from "../data/points";
import { moved } from "../math/cuboid";
import { buildGrid, countInside, visitCuboid } from "../math/grid";
import { fromYaw, multiply } from "../math/quaternion";

const random = seeded(11);
const cars = Array.from({ length: 41 }, (_, n) => {
  const angle = (n / 41) * 2 * Math.PI;
  const range = 8 + (n % 7) * 6;
  return car(range * Math.cos(angle), range * Math.sin(angle), angle + 0.7);
});
const cloud = street({ cars, random, groundPoints: 180_000 });

function camera(n: number): Sensor {
  return {
    id: 10 + n,
    key: `CAM_${n}`,
    label: `Camera ${n}`,
    modality: "camera",
    viewer: "image",
    calibration: {
      id: 30 + n,
      version: 1,
      ego_from_sensor: {
        translation_m: [0, 0, 1.5],
        quaternion_xyzw: multiply(fromYaw((n * Math.PI) / 3), [-0.5, 0.5, -0.5, 0.5]),
      },
      camera: {
        model: "brown",
        width_px: 1600,
        height_px: 900,
        fx_px: 1266,
        fy_px: 1266,
        cx_px: 800,
        cy_px: 450,
        distortion: [-0.12, 0.02, 0.0005, -0.0004, 0, 0, 0, 0],
      },
    },
  };
}

function surround(): Manifest {
  const plain = manifest(3);
  const cameras = [0, 1, 2, 3, 4, 5].map(camera);
  const [lidar] = plain.sensors;
  const [picture] = plain.frames.map((frame) => frame.captures["CAM_FRONT"]);
  const frames = plain.frames.map((frame) => ({
    ...frame,
    captures: {
      LIDAR_TOP: frame.captures["LIDAR_TOP"] ?? picture,
      ...Object.fromEntries(
        cameras.map(({ key }, n) => [
          key,
          { ...picture, id: 100 + n, at_ns: frame.at_ns + 10_000_000 * n },
        ]),
      ),
    },
  }));
  return { ...plain, sensors: lidar ? [lidar, ...cameras] : cameras, frames } as Manifest;
}

const objects = cars.map((box, n) => object(`car-${n}`, [{ ...keyedAt(box), at_ns: 0 }]));
const store = new DocumentStore(new Scene(surround()), labelDocument(objects));
const runner = new CheckRunner({ store, frame: signal(0), cloud: () => cloud });
let turn = 0;

describe("an edit", () => {
  bench("checked: 40 neighbours, 6 cameras, 200k points", () => {
    turn += 1;
    const id = `car-${turn % 41}`;
    const now = store.objects.peek().get(id);
    const box = now && store.cuboidAt(now, 0);
    if (!now || !box) throw new RangeError("no car");
    const ops = putCuboid(now, 0, moved(box, [0.01 * (turn % 2 ? 1 : -1), 0, 0]));
    for (const changeset of newChangeSets("Move", ops)) {
      store.add(changeset);
      store.drop(new Set([changeset.id]));
    }
  });

  bench("hints during a drag", () => {
    turn += 1;
    runner.hints(`car-${turn % 41}`, 0);
  });
});

describe("one click", () => {
  const box = cars[3];
  bench("picked, cropped, grown and fitted", () => {
    if (!box) throw new RangeError("no car");
    const seed = seedOf({
      cloud,
      view: {
        clip_from_ego: [0.02, 0, 0, 0, 0, 0.02, 0, 0, 0, 0, -0.02, 0, 0, 0, 0, 1],
        width_px: 1000,
        height_px: 1000,
      },
      at_px: [500 * (1 + 0.02 * box.center_m[0]), 500 * (1 - 0.02 * box.center_m[1])],
      ray: { origin_m: [box.center_m[0], box.center_m[1], 50], direction: [0, 0, -1] },
    });
    if (!seed) throw new RangeError("the click hit nothing");
    const prior = priorOf({ standard: store.standards.of("car") });
    answerClick(
      clickRequest({ cloud, seed_m: seed, prior, sensor_m: LIDAR_M, pitch_rad: USUAL_PITCH_RAD }),
    );
  });
});

describe("a frame of 200,000 points", () => {
  bench("grid built", () => {
    buildGrid(cloud.positions);
  });
  bench("ground taken off", () => {
    if (cloud.ground) indicesAbove(cloud.positions, cloud.ground);
  });
  bench("points of 41 cuboids counted", () => {
    for (const each of cars) countInside(cloud.grid, cloud.positions, each);
  });
  bench("one cuboid and its shell visited", () => {
    const [first] = cars;
    if (first) visitCuboid(cloud.grid, cloud.positions, first, 0.3, () => undefined);
  });
});

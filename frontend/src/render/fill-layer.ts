/** See-through quads: the front face of each cuboid, the face under the hand, ghosts. */

import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  DynamicDrawUsage,
  Mesh,
  MeshBasicMaterial,
} from "three";
import type { Vec3 } from "../core/types";
import type { Rgb } from "./palettes";

export interface Fill {
  readonly corners_m: readonly [Vec3, Vec3, Vec3, Vec3];
  readonly colour: Rgb;
  readonly alpha: number;
}

const VERTICES = 6;
const TURNS = [0, 1, 2, 0, 2, 3] as const;

export class FillLayer {
  private geometry = new BufferGeometry();
  readonly material = new MeshBasicMaterial({
    vertexColors: true,
    transparent: true,
    depthTest: false,
    depthWrite: false,
    side: DoubleSide,
  });
  readonly node = new Mesh(this.geometry, this.material);
  private capacity = 0;
  private count = 0;

  constructor(order: number) {
    this.node.frustumCulled = false;
    this.node.renderOrder = order;
    this.node.visible = false;
  }

  set(fills: readonly Fill[]): void {
    if (fills.length > this.capacity) this.reserve(fills.length);
    const places = this.geometry.getAttribute("position");
    const colours = this.geometry.getAttribute("color");
    fills.forEach((fill, n) => {
      TURNS.forEach((turn, k) => {
        const [x, y, z] = fill.corners_m[turn];
        places.setXYZ(n * VERTICES + k, x, y, z);
        colours.setXYZW(n * VERTICES + k, ...fill.colour, fill.alpha);
      });
    });
    if (fills.length > 0) {
      places.needsUpdate = true;
      colours.needsUpdate = true;
    }
    this.geometry.setDrawRange(0, fills.length * VERTICES);
    this.count = fills.length;
  }

  private reserve(count: number): void {
    this.geometry.dispose();
    this.capacity = Math.max(16, 2 ** Math.ceil(Math.log2(count)));
    this.geometry = new BufferGeometry();
    const make = (size: number) => {
      const attribute = new BufferAttribute(
        new Float32Array(this.capacity * VERTICES * size),
        size,
      );
      return attribute.setUsage(DynamicDrawUsage);
    };
    this.geometry.setAttribute("position", make(3));
    this.geometry.setAttribute("color", make(4));
    this.node.geometry = this.geometry;
  }

  /** Whether the next draw has it. */
  show(wanted: boolean): void {
    this.node.visible = wanted && this.count > 0;
  }

  dispose(): void {
    this.geometry.dispose();
    this.material.dispose();
  }
}

/** Drags on a box-locked view, as pure arithmetic on the cuboid that was there when the hand went down. */

import type { Cuboid, Vec3 } from "../core/types";
import {
  type FaceName,
  faceOf,
  fromBody,
  slidByFace,
  turned,
  withFaceMoved,
} from "../math/cuboid";
import { rotate } from "../math/quaternion";

export type EdgeSide = "left" | "right" | "top" | "bottom";
export type CornerSide = readonly ["left" | "right", "top" | "bottom"];

export type Handle =
  | { readonly kind: "edge"; readonly side: EdgeSide }
  | { readonly kind: "corner"; readonly sides: CornerSide }
  | { readonly kind: "center" }
  | { readonly kind: "heading" };

/** What a view's borders and directions mean for the box in it. */
export interface SideMeaning {
  readonly faces: Readonly<Record<EdgeSide, FaceName>>;
  /** Body axes that point right and up on the screen. */
  readonly right: Vec3;
  readonly up: Vec3;
}

/** How far the hand went, in metres of the view: right and up. */
export interface DragBy {
  readonly right_m: number;
  readonly up_m: number;
  /** Slide the box instead of resizing it. */
  readonly keepsSize: boolean;
}

const OUTWARD: Readonly<Record<EdgeSide, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  top: [0, 1],
  bottom: [0, -1],
};

export function facesOf(meaning: SideMeaning, handle: Handle): readonly FaceName[] {
  if (handle.kind === "edge") return [meaning.faces[handle.side]];
  if (handle.kind === "corner") return handle.sides.map((side) => meaning.faces[side]);
  if (handle.kind === "center") return Object.values(meaning.faces);
  return [];
}

function pulled(cuboid: Cuboid, meaning: SideMeaning, side: EdgeSide, by: DragBy): Cuboid {
  const [outX, outY] = OUTWARD[side];
  const outward = outX * by.right_m + outY * by.up_m;
  const face = meaning.faces[side];
  return by.keepsSize ? slidByFace(cuboid, face, outward) : withFaceMoved(cuboid, face, outward);
}

function translated(cuboid: Cuboid, meaning: SideMeaning, by: DragBy): Cuboid {
  const along = (axis: 0 | 1 | 2) => meaning.right[axis] * by.right_m + meaning.up[axis] * by.up_m;
  return { ...cuboid, center_m: fromBody(cuboid, [along(0), along(1), along(2)]) };
}

/** The cuboid after a drag of a handle. A heading drag gets its angle from `headingAngle`. */
export function draggedCuboid(
  start: Cuboid,
  meaning: SideMeaning,
  handle: Handle,
  by: DragBy,
): Cuboid {
  switch (handle.kind) {
    case "edge":
      return pulled(start, meaning, handle.side, by);
    case "corner": {
      const [across, along] = handle.sides;
      return pulled(pulled(start, meaning, across, by), meaning, along, by);
    }
    case "center":
      return translated(start, meaning, by);
    case "heading":
      return start;
  }
}

/** How far a hand turned about the middle of the top view, from straight up, counter-clockwise. */
export function headingAngle(right_m: number, up_m: number): number {
  return Math.atan2(-right_m, up_m);
}

export function turnedBy(start: Cuboid, angle_rad: number, stepped: boolean): Cuboid {
  const step = Math.PI / 36;
  return turned(start, stepped ? Math.round(angle_rad / step) * step : angle_rad);
}

/** Where a face stands: its centre in the frame of the cuboid. */
export function faceCenter(cuboid: Cuboid, name: FaceName): Vec3 {
  const { axis, side } = faceOf(name);
  const offset: [number, number, number] = [0, 0, 0];
  offset[axis] = (side * cuboid.size_m[axis]) / 2;
  return fromBody(cuboid, offset);
}

/** A face's outward direction. */
export function faceNormal(cuboid: Cuboid, name: FaceName): Vec3 {
  const { axis, side } = faceOf(name);
  const normal: [number, number, number] = [0, 0, 0];
  normal[axis] = side;
  return rotate(cuboid.quaternion_xyzw, normal);
}

/** What lies over the main view: the chosen box in bold, the one under the mouse, names, the gesture in progress. */

import type { Cuboid, ObjId, Vec3 } from "../../core/types";
import type { FaceName } from "../../math/cuboid";
import type { Rgb } from "../../render/palettes";
import { boxSegments, EDGE_FACES, faceCorners } from "../box-drawing";
import { type Screen, type Size, screenOf, segmentOf } from "../lens";
import { drawPlate, FONT } from "../overlay-canvas";
import { type CanvasTheme, cssOf } from "../theme";

export interface OverlayBox {
  readonly id: ObjId;
  readonly cuboid: Cuboid;
  readonly colour: Rgb;
  readonly text: string;
}

export interface MainOverlay {
  readonly clip: readonly number[];
  readonly theme: CanvasTheme;
  readonly selected: OverlayBox | null;
  /** Faces without points to hold them. */
  readonly assumed: ReadonlySet<FaceName>;
  readonly face: FaceName | null;
  /** Where the chosen object would be; dashed. */
  readonly ghost: Cuboid | null;
  /** The chosen object's way, key by key. */
  readonly path: readonly Vec3[];
  readonly hovered: OverlayBox | null;
  readonly named: readonly OverlayBox[];
  readonly rectangle: readonly [Screen, Screen] | null;
  readonly ray: readonly [Vec3, Vec3] | null;
}

/** No more names than this at once. */
const MOST_NAMES = 60;
const NAME_WIDTH_PX = 84;
const NAME_HEIGHT_PX = 17;

export function drawMainOverlay(
  context: CanvasRenderingContext2D,
  size: Size,
  overlay: MainOverlay,
): void {
  context.font = FONT;
  context.lineCap = "round";
  if (overlay.ray) drawRay(context, size, overlay, overlay.ray);
  drawPath(context, size, overlay);
  if (overlay.ghost) drawGhost(context, size, overlay, overlay.ghost);
  if (overlay.hovered) strokeBox(context, size, overlay, overlay.hovered, 1.5);
  if (overlay.selected) drawSelected(context, size, overlay, overlay.selected);
  drawNames(context, size, overlay);
  if (overlay.rectangle) drawRectangle(context, overlay, overlay.rectangle);
}

function strokeBox(
  context: CanvasRenderingContext2D,
  size: Size,
  { clip, assumed, theme }: MainOverlay,
  box: OverlayBox,
  width: number,
): void {
  context.lineWidth = width;
  context.strokeStyle = cssOf(box.colour);
  const dashed = width > 2 ? assumed : new Set<FaceName>();
  for (const { edge, segment } of boxSegments(clip, size, box.cuboid)) {
    const faces = EDGE_FACES[edge] ?? [];
    context.setLineDash(faces.every((name) => dashed.has(name)) ? [5, 4] : []);
    context.strokeStyle = faces.includes("front") ? theme.accent : cssOf(box.colour);
    context.beginPath();
    context.moveTo(...segment[0]);
    context.lineTo(...segment[1]);
    context.stroke();
  }
  context.setLineDash([]);
}

function drawGhost(
  context: CanvasRenderingContext2D,
  size: Size,
  { clip, theme }: MainOverlay,
  cuboid: Cuboid,
): void {
  context.strokeStyle = theme.accent;
  context.lineWidth = 1.5;
  context.setLineDash([4, 5]);
  for (const { segment } of boxSegments(clip, size, cuboid)) {
    context.beginPath();
    context.moveTo(...segment[0]);
    context.lineTo(...segment[1]);
    context.stroke();
  }
  context.setLineDash([]);
}

const PATH_DOT_PX = 2.5;

function drawPath(
  context: CanvasRenderingContext2D,
  size: Size,
  { clip, theme, path }: MainOverlay,
): void {
  context.strokeStyle = theme.accent;
  context.fillStyle = theme.accent;
  context.globalAlpha = 0.6;
  context.lineWidth = 1;
  path.forEach((to, n) => {
    const from = path[n - 1];
    const segment = from ? segmentOf(clip, size, from, to) : null;
    const dot = screenOf(clip, size, to);
    context.beginPath();
    if (segment) {
      context.moveTo(...segment[0]);
      context.lineTo(...segment[1]);
      context.stroke();
    }
    if (dot)
      context.fillRect(
        dot[0] - PATH_DOT_PX / 2,
        dot[1] - PATH_DOT_PX / 2,
        PATH_DOT_PX,
        PATH_DOT_PX,
      );
  });
  context.globalAlpha = 1;
}

function fillFace(
  context: CanvasRenderingContext2D,
  size: Size,
  clip: readonly number[],
  corners: readonly Vec3[],
): void {
  const points = corners.map((corner) => screenOf(clip, size, corner));
  if (points.some((point) => point === null)) return;
  context.beginPath();
  points.forEach((point, n) => {
    if (point) n === 0 ? context.moveTo(...point) : context.lineTo(...point);
  });
  context.closePath();
  context.fill();
}

function drawSelected(
  context: CanvasRenderingContext2D,
  size: Size,
  overlay: MainOverlay,
  box: OverlayBox,
): void {
  context.fillStyle = overlay.theme.accent;
  context.globalAlpha = 0.16;
  fillFace(context, size, overlay.clip, faceCorners(box.cuboid, "front"));
  if (overlay.face) {
    context.globalAlpha = 0.3;
    fillFace(context, size, overlay.clip, faceCorners(box.cuboid, overlay.face));
  }
  context.globalAlpha = 1;
  strokeBox(context, size, overlay, box, 2.25);
}

/** A name's place on the view, above its box; null where it would not be seen. */
function namePlace(size: Size, clip: readonly number[], { cuboid }: OverlayBox): Screen | null {
  const [x, y, z] = cuboid.center_m;
  const at = screenOf(clip, size, [x, y, z + cuboid.size_m[2] / 2 + 0.15]);
  if (!at || at[0] < 0 || at[1] < 0 || at[0] > size.width || at[1] > size.height) return null;
  return [at[0], at[1] - 8];
}

function drawName(
  context: CanvasRenderingContext2D,
  overlay: MainOverlay,
  text: string,
  at: Screen,
): void {
  const { ink, plate } = overlay.theme;
  drawPlate(context, { text, at, ink, plate, align: "center" });
}

/** Names that would cover another's are left out; the chosen box's and the one under the mouse come first. */
function drawNames(context: CanvasRenderingContext2D, size: Size, overlay: MainOverlay): void {
  const { clip, selected, hovered, named } = overlay;
  const first = [selected, hovered].filter((box) => box !== null);
  const others = named.filter((box) => first.every(({ id }) => id !== box.id));
  const taken: Screen[] = [];
  for (const box of [...first, ...others]) {
    const at = namePlace(size, clip, box);
    if (!at || taken.length >= MOST_NAMES || taken.some((other) => isCovered(at, other))) continue;
    taken.push(at);
    drawName(context, overlay, box.text, at);
  }
}

function isCovered(a: Screen, b: Screen): boolean {
  return Math.abs(a[0] - b[0]) < NAME_WIDTH_PX && Math.abs(a[1] - b[1]) < NAME_HEIGHT_PX;
}

function drawRectangle(
  context: CanvasRenderingContext2D,
  { theme }: MainOverlay,
  [a, b]: readonly [Screen, Screen],
): void {
  const [left, top] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
  const [width, height] = [Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
  context.strokeStyle = theme.accent;
  context.fillStyle = theme.accent;
  context.lineWidth = 1.25;
  context.globalAlpha = 0.1;
  context.fillRect(left, top, width, height);
  context.globalAlpha = 1;
  context.strokeRect(left, top, width, height);
  drawArrow(context, a, b);
}

/** The drag's direction is the heading. */
function drawArrow(context: CanvasRenderingContext2D, a: Screen, b: Screen): void {
  const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
  context.beginPath();
  context.moveTo(...a);
  context.lineTo(...b);
  for (const turn of [2.7, -2.7]) {
    context.moveTo(...b);
    context.lineTo(b[0] + 10 * Math.cos(angle + turn), b[1] + 10 * Math.sin(angle + turn));
  }
  context.stroke();
}

function drawRay(
  context: CanvasRenderingContext2D,
  size: Size,
  { clip, theme }: MainOverlay,
  [from, to]: readonly [Vec3, Vec3],
): void {
  const [a, b] = [screenOf(clip, size, from), screenOf(clip, size, to)];
  if (!a || !b) return;
  context.strokeStyle = theme.accent;
  context.setLineDash([3, 3]);
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(...a);
  context.lineTo(...b);
  context.stroke();
  context.setLineDash([]);
}

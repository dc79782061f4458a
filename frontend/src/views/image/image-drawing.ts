/** Cuboids and boxes on a picture. Derived boxes are dashed, adjusted ones solid, independent ones dotted. */

import type { KeyState } from "../../core/types";
import type { BoxPx } from "../../math/iou";
import type { Rgb } from "../../render/palettes";
import { EDGE_FACES } from "../box-drawing";
import type { Screen, Size } from "../lens";
import { drawPlate, FONT } from "../overlay-canvas";
import { type CanvasTheme, cssOf } from "../theme";
import { boxInPane, type ImageFit, toPane } from "./image-fit";
import type { Seen } from "./seen";

export interface DrawnSeen {
  readonly seen: Seen;
  readonly colour: Rgb;
  readonly text: string;
  readonly emphasis: "plain" | "hovered" | "selected";
}

const DASHES: Readonly<Record<KeyState, readonly number[]>> = {
  keyed: [],
  derived: [6, 4],
  adjusted: [],
  independent: [1.5, 3.5],
  not_visible: [2, 6],
};

export interface ImageScene {
  readonly fit: ImageFit;
  readonly image: Size;
  readonly theme: CanvasTheme;
  readonly drawn: readonly DrawnSeen[];
  readonly draft: BoxPx | null;
}

/** Further away than this, wires are fainter. */
const FAINT_FROM_M = 45;

export function drawImageScene(context: CanvasRenderingContext2D, scene: ImageScene): void {
  context.font = FONT;
  context.save();
  // What projects beyond the picture's border is not seen by the camera.
  const { fit, image } = scene;
  context.beginPath();
  context.rect(fit.left, fit.top, image.width * fit.scale, image.height * fit.scale);
  context.clip();
  const order = [...scene.drawn].sort(
    (a, b) => rank(a) - rank(b) || b.seen.depth_m - a.seen.depth_m,
  );
  for (const each of order) drawOne(context, scene, each);
  if (scene.draft) strokeRect(context, boxInPane(scene.fit, scene.draft), scene.theme.accent, []);
  context.restore();
}

function rank({ emphasis }: DrawnSeen): number {
  return emphasis === "selected" ? 2 : emphasis === "hovered" ? 1 : 0;
}

function drawOne(context: CanvasRenderingContext2D, scene: ImageScene, each: DrawnSeen): void {
  const { seen, emphasis } = each;
  context.globalAlpha = opacity(each);
  drawWires(context, scene, each, emphasis === "selected" ? 2 : 1);
  drawBox(context, scene, each);
  context.globalAlpha = 1;
  const box = seen.observation.box_px;
  if (emphasis !== "plain" && box) drawText(context, scene, each, boxInPane(scene.fit, box));
}

function opacity({ seen, emphasis }: DrawnSeen): number {
  if (seen.observation.state === "not_visible") return 0.35;
  if (emphasis !== "plain") return 1;
  return seen.depth_m > FAINT_FROM_M ? 0.45 : 0.8;
}

/** What a person drew is always shown, what follows from a cuboid only for the chosen object. */
function drawBox(context: CanvasRenderingContext2D, scene: ImageScene, each: DrawnSeen): void {
  const { state, box_px } = each.seen.observation;
  const chosen = each.emphasis === "selected";
  if (!box_px || !(chosen || state === "adjusted" || state === "independent")) return;
  context.lineWidth = chosen ? 1.5 : 1;
  const style = chosen ? scene.theme.accent : cssOf(each.colour);
  strokeRect(context, boxInPane(scene.fit, box_px), style, DASHES[state]);
}

function drawWires(
  context: CanvasRenderingContext2D,
  { fit, theme }: ImageScene,
  { seen, colour }: DrawnSeen,
  width: number,
): void {
  context.lineWidth = width;
  for (const { edge, pixels } of seen.lines) {
    const front = EDGE_FACES[edge]?.includes("front") ?? false;
    context.strokeStyle = front ? theme.accent : cssOf(colour);
    context.beginPath();
    pixels.forEach((pixel, n) => {
      const [x, y] = toPane(fit, pixel);
      if (n === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.stroke();
  }
}

function strokeRect(
  context: CanvasRenderingContext2D,
  [x0, y0, x1, y1]: BoxPx,
  style: string,
  dash: readonly number[],
): void {
  context.strokeStyle = style;
  context.setLineDash([...dash]);
  context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  context.setLineDash([]);
}

function drawText(
  context: CanvasRenderingContext2D,
  { theme }: ImageScene,
  { text }: DrawnSeen,
  [x0, y0]: BoxPx,
): void {
  drawPlate(context, { text, at: [x0, Math.max(y0 - 10, 9)], ink: theme.ink, plate: theme.plate });
}

/** The corners and middles of the sides that can be taken hold of. */
export function drawBoxKnobs(
  context: CanvasRenderingContext2D,
  box: BoxPx,
  theme: CanvasTheme,
): void {
  const [x0, y0, x1, y1] = box;
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const knobs: readonly Screen[] = [
    [x0, y0],
    [mx, y0],
    [x1, y0],
    [x1, my],
    [x1, y1],
    [mx, y1],
    [x0, y1],
    [x0, my],
  ];
  context.fillStyle = theme.accent;
  for (const [x, y] of knobs) context.fillRect(x - 3, y - 3, 6, 6);
}

/** A 2D canvas over a pane, sharp on every screen, drawn when what it shows changes. */

import { effect } from "@preact/signals";
import type { Size } from "./lens";

export type Paint = (context: CanvasRenderingContext2D, size: Size) => void;

/** Fits the canvas to its box and clears it; null when there is nothing to draw on. */
export function prepared(canvas: HTMLCanvasElement, size: Size): CanvasRenderingContext2D | null {
  const context = canvas.getContext("2d");
  if (!context || size.width < 1 || size.height < 1) return null;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  return context;
}

/** Paints whenever a signal that the painting read changes, at most once per animation frame. */
export function paintOn(canvas: HTMLCanvasElement, size: () => Size, paint: Paint): () => void {
  let frame = 0;
  let stale = true;
  const run = () => {
    frame = 0;
    stale = false;
    const context = prepared(canvas, size());
    if (context) paint(context, size());
  };
  // The first reading subscribes; later changes only ask for a frame, in which the reading is renewed.
  let dispose = (): void => undefined;
  const renew = () => {
    dispose();
    dispose = effect(() => {
      if (stale) run();
      else if (!frame)
        frame = requestAnimationFrame(() => {
          stale = true;
          renew();
        });
    });
  };
  renew();
  return () => {
    dispose();
    if (frame) cancelAnimationFrame(frame);
  };
}

export interface Plate {
  readonly text: string;
  readonly at: readonly [number, number];
  readonly ink: string;
  readonly plate: string;
  readonly align?: CanvasTextAlign;
}

const PLATE_HEIGHT = 16;

/** A short text on a plate, centred on its height. */
export function drawPlate(context: CanvasRenderingContext2D, plate: Plate): void {
  const [x, y] = plate.at;
  const width = context.measureText(plate.text).width + 8;
  const left = plate.align === "center" ? x - width / 2 : x;
  context.fillStyle = plate.plate;
  context.beginPath();
  context.roundRect(left, y - PLATE_HEIGHT / 2, width, PLATE_HEIGHT, 3);
  context.fill();
  context.fillStyle = plate.ink;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillText(plate.text, left + 4, y + 0.5);
}

export const FONT = "11px Inter, system-ui, sans-serif";

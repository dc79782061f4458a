/** How far a pane is zoomed into its picture. */

import { type Signal, signal } from "@preact/signals";
import type { BoxPx } from "../../math/iou";
import type { Size } from "../lens";
import { focusedOn, type ImageFit, wholeFit } from "./image-fit";

/** How one pane shows a camera; the same camera may stand in two panes. */
export class PaneFit {
  readonly pane: Signal<Size> = signal({ width: 1, height: 1 });
  /** null: all of the picture. */
  readonly chosen: Signal<ImageFit | null> = signal(null);
  /** Keeps the chosen object in the middle. */
  readonly follows: Signal<boolean> = signal(false);

  constructor(private readonly image: Size) {}

  fit(focus: BoxPx | null): ImageFit {
    if (this.follows.value && focus) return focusedOn(focus, this.image, this.pane.value);
    return this.chosen.value ?? wholeFit(this.image, this.pane.value);
  }
}

/** Where a picture lies in its pane: pane = image * scale + offset. Pixel (0, 0) is the middle of the first pixel. */

import type { BoxPx } from "../../math/iou";
import type { Screen, Size } from "../lens";

export interface ImageFit {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

const DEEPEST = 24;

/** All of the picture, in the middle. */
export function wholeFit(image: Size, pane: Size): ImageFit {
  const scale = Math.min(pane.width / image.width, pane.height / image.height);
  return {
    scale,
    left: (pane.width - image.width * scale) / 2,
    top: (pane.height - image.height * scale) / 2,
  };
}

export function toPane({ scale, left, top }: ImageFit, [u, v]: Screen): Screen {
  return [(u + 0.5) * scale + left, (v + 0.5) * scale + top];
}

export function toImage({ scale, left, top }: ImageFit, [x, y]: Screen): Screen {
  return [(x - left) / scale - 0.5, (y - top) / scale - 0.5];
}

export function boxInPane(fit: ImageFit, [left, top, right, bottom]: BoxPx): BoxPx {
  const [x0, y0] = toPane(fit, [left, top]);
  const [x1, y1] = toPane(fit, [right, bottom]);
  return [x0, y0, x1, y1];
}

/** Larger or smaller about a place of the pane; never smaller than the whole picture. */
export function zoomed(
  fit: ImageFit,
  image: Size,
  pane: Size,
  { at, factor }: { at: Screen; factor: number },
): ImageFit {
  const whole = wholeFit(image, pane);
  const scale = Math.min(Math.max(fit.scale * factor, whole.scale), DEEPEST);
  if (scale === whole.scale) return whole;
  const share = scale / fit.scale;
  const left = at[0] - (at[0] - fit.left) * share;
  const top = at[1] - (at[1] - fit.top) * share;
  return held({ scale, left, top }, image, pane);
}

export function shifted(fit: ImageFit, image: Size, pane: Size, [dx, dy]: Screen): ImageFit {
  return held({ ...fit, left: fit.left + dx, top: fit.top + dy }, image, pane);
}

/** Keeps the picture from leaving the pane: its borders stay outside, or it stays in the middle. */
function held(fit: ImageFit, image: Size, pane: Size): ImageFit {
  const along = (offset: number, length: number, room: number) => {
    const size = length * fit.scale;
    if (size <= room) return (room - size) / 2;
    return Math.min(Math.max(offset, room - size), 0);
  };
  return {
    scale: fit.scale,
    left: along(fit.left, image.width, pane.width),
    top: along(fit.top, image.height, pane.height),
  };
}

const FOCUS_SHARE = 0.45;
const FOCUS_DEEPEST = 6;

/** A box of the picture in the middle, filling some of the pane. */
export function focusedOn(box: BoxPx, image: Size, pane: Size): ImageFit {
  const [left, top, right, bottom] = box;
  const whole = wholeFit(image, pane);
  const wanted = Math.min(
    (pane.width * FOCUS_SHARE) / Math.max(right - left, 1),
    (pane.height * FOCUS_SHARE) / Math.max(bottom - top, 1),
  );
  const scale = Math.min(Math.max(wanted, whole.scale), Math.max(FOCUS_DEEPEST, whole.scale));
  const [u, v] = [(left + right) / 2 + 0.5, (top + bottom) / 2 + 0.5];
  return held(
    { scale, left: pane.width / 2 - u * scale, top: pane.height / 2 - v * scale },
    image,
    pane,
  );
}

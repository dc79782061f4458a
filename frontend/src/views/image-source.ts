/** Where camera panes get their pictures from: a small one at once, the full one when it is there. */

import type { CameraCapture } from "../core/types";

export interface ImageSource {
  preview(capture: CameraCapture, signal: AbortSignal): Promise<ImageBitmap>;
  full(capture: CameraCapture, signal: AbortSignal): Promise<ImageBitmap>;
}

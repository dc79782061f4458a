/** What the pictures' gestures do. */

import type { Desk } from "../../views/desk";
import type { ImageIntents } from "../../views/image/image-pointer";

export function imageIntents({ view }: Desk): ImageIntents {
  return {
    boxDone: () => undefined,
    newBox: () => undefined,
    clickRay: () => undefined,
    hoverRay: () => undefined,
    enlarge: (sensor) => {
      view.bigFollows.value = false;
      view.bigCamera.value = sensor;
    },
  };
}

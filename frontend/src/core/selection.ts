/** What is chosen and pointed at. */

import type { FaceName } from "../math/cuboid";
import { batch, type Signal, signal } from "./signals";
import type { ObjId, SensorKey } from "./types";

export class Selection {
  readonly object: Signal<ObjId | null> = signal(null);
  readonly hovered: Signal<ObjId | null> = signal(null);
  readonly face: Signal<FaceName | null> = signal(null);
  /** The camera whose pane has the focus, if one has. */
  readonly sensor: Signal<SensorKey | null> = signal(null);

  select(object: ObjId | null): void {
    if (this.object.peek() === object) return;
    batch(() => {
      this.object.value = object;
      this.face.value = null;
    });
  }
}

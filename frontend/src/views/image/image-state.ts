/** One camera of the moment: its picture, what it sees, how far it is zoomed. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { CameraSensor } from "../../core/scene";
import type { LabelledObject } from "../../core/types";
import type { ShownPicture } from "../../data/assets";
import type { Desk } from "../desk";
import type { Size } from "../lens";
import { type Seen, Sight } from "./seen";

export class CameraState {
  readonly picture: ReadonlySignal<ShownPicture<ImageBitmap> | null>;
  readonly seen: ReadonlySignal<readonly Seen[]>;
  readonly chosen: ReadonlySignal<Seen | null>;
  readonly at_ns: ReadonlySignal<number>;
  private readonly sight: Sight;

  constructor(
    private readonly desk: Desk,
    readonly camera: CameraSensor,
  ) {
    const { bench, view } = desk;
    this.sight = new Sight(bench.scene, bench.store, camera.key);
    this.at_ns = computed(() => bench.scene.captureTime(bench.clock.frame.value, camera.key));
    this.picture = computed(() => {
      bench.assets.arrived.value;
      return bench.assets.pictureNow(bench.clock.frame.value, camera.key);
    });
    this.chosen = computed(() => {
      const object = bench.selected.value;
      return object ? this.sight.of(object, this.at_ns.value) : null;
    });
    this.seen = computed(() => {
      const at_ns = this.at_ns.value;
      const only = view.isolated.value ? bench.selection.object.value : null;
      const objects = [...bench.store.objects.value.values()];
      const shown = only ? objects.filter((object) => object.id === only) : objects;
      return shown.flatMap((object) => this.sight.of(object, at_ns) ?? []);
    });
  }

  /** How the camera sees one object now. */
  seenOf(object: LabelledObject): Seen | null {
    return this.sight.of(object, this.at_ns.value);
  }

  get size(): Size {
    return { width: this.camera.camera.width_px, height: this.camera.camera.height_px };
  }

  /** Why there is no picture. */
  get missing(): string {
    const { bench } = this.desk;
    const frame = bench.clock.frame.value;
    if (!bench.scene.capture(frame, this.camera.key)) return "no picture in this frame";
    return bench.assets.problems.value.get(`${frame} ${this.camera.key}`) ?? "loading";
  }
}

/** Which moment the screen shows: a frame, and in it every sensor at its own time. */

import { worldKeys } from "./evaluate";
import type { Scene } from "./scene";
import { computed, type ReadonlySignal, type Signal, signal } from "./signals";
import type { AtNs, LabelledObject } from "./types";

export class Clock {
  readonly frame: ReadonlySignal<number>;
  /** Where keys of the world stream go in this frame. */
  readonly at_ns: ReadonlySignal<AtNs>;
  readonly playing: Signal<boolean> = signal(false);
  /** 1 forwards, -1 backwards: the way that prefetching looks. */
  readonly direction: Signal<1 | -1> = signal(1);
  private readonly frameSignal: Signal<number> = signal(0);

  constructor(readonly scene: Scene) {
    this.frame = this.frameSignal;
    this.at_ns = computed(() => scene.keyTime(this.frameSignal.value));
  }

  goTo(frame: number): void {
    const last = Math.max(this.scene.frames.length - 1, 0);
    const next = Math.min(Math.max(Math.round(frame), 0), last);
    const before = this.frameSignal.peek();
    if (next === before) return;
    this.direction.value = next > before ? 1 : -1;
    this.frameSignal.value = next;
  }

  goToTime(at_ns: AtNs): void {
    this.goTo(this.scene.frameIndexAt(at_ns));
  }

  step(by: number): void {
    this.goTo(this.frameSignal.peek() + by);
  }

  /** To the next key of an object in a direction; stays when there is none. */
  stepToKey(object: LabelledObject, direction: 1 | -1): void {
    const now = this.at_ns.peek();
    const keys = direction > 0 ? worldKeys(object) : worldKeys(object).toReversed();
    const next = keys.find((key) => (key.at_ns - now) * direction > 0);
    if (next) this.goToTime(next.at_ns);
  }
}

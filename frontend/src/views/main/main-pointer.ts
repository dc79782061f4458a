/** The mouse in the main view: turn, shift, near, choose, move, draw. */

import { type Signal, signal } from "@preact/signals";
import type { Cuboid, Vec3 } from "../../core/types";
import { moved } from "../../math/cuboid";
import { hitLevel } from "../../math/ray";
import { subtract } from "../../math/vec";
import type { Desk } from "../desk";
import { type Lens, rayOf, type Screen } from "../lens";
import { draggedBy, lensOf, nearedTo, turnedAbout } from "../orbit";
import { type Aim, boxUnder, grabbed } from "./picking";

/** What the main view asks of the tools. */
export interface MainIntents {
  /** A cuboid for whatever stands under a pixel. */
  oneClick(aim: Aim): void;
  /** A cuboid for what a dragged rectangle holds; the drag's direction is the heading. */
  rectangle(from: Screen, aim: Aim): void;
  /** Shows the chosen box elsewhere while the hand moves. */
  previewMove(cuboid_ego: Cuboid): void;
  finishMove(cuboid_ego: Cuboid): void;
  cancel(): void;
  frame(): void;
}

type Drag =
  | { readonly kind: "turn" | "shift"; readonly pivot: Vec3 }
  | { readonly kind: "rectangle" }
  | { readonly kind: "move"; readonly start: Cuboid; readonly from: Vec3; readonly level: number };

/** A hand that moves less than this has clicked. */
const CLICK_PX = 4;
const WHEEL_STEP = 1.0016;

export class MainPointer {
  readonly rectangle: Signal<readonly [Screen, Screen] | null> = signal(null);
  /** Where the mouse is, for the read-out; null when it is elsewhere. */
  readonly over: Signal<Screen | null> = signal(null);
  private drag: Drag | null = null;
  private down: Screen = [0, 0];
  private last: Screen = [0, 0];
  private far = false;

  constructor(
    private readonly desk: Desk,
    private readonly element: HTMLElement,
    private readonly intents: MainIntents,
  ) {}

  private place(event: MouseEvent): Screen {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private aim(at: Screen): Aim {
    return { lens: this.lens(), size: this.desk.view.mainSize.peek(), at };
  }

  private lens(): Lens {
    return lensOf(this.desk.view.main.peek());
  }

  pointerDown(event: PointerEvent): void {
    if (this.drag) return;
    this.element.setPointerCapture(event.pointerId);
    const at = this.place(event);
    this.down = at;
    this.last = at;
    this.far = false;
    this.drag = this.begin(event, at);
  }

  private begin(event: PointerEvent, at: Screen): Drag {
    const shifts = event.button !== 0 || event.shiftKey;
    if (!shifts && this.drawsRectangle(event)) return { kind: "rectangle" };
    const moving = shifts || event.altKey ? null : this.beginMove(at);
    if (moving) return moving;
    const cloud = this.desk.bench.cloud.peek();
    return { kind: shifts ? "shift" : "turn", pivot: grabbed(cloud, this.aim(at), this.level()) };
  }

  private drawsRectangle(event: PointerEvent): boolean {
    return event.ctrlKey || event.metaKey || this.desk.bench.tool.peek() === "rectangle";
  }

  /** A press on the chosen box takes hold of it. */
  private beginMove(at: Screen): Drag | null {
    const { bench } = this.desk;
    const start = bench.selectedEgo.peek();
    if (!start || bench.tool.peek() !== "select" || !bench.editor.canEdit.peek()) return null;
    const aim = this.aim(at);
    if (!boxUnder([{ id: "", cuboid: start }], aim)) return null;
    const level = start.center_m[2];
    const from = hitLevel(rayOf(aim.lens, aim.size, at), level);
    return from ? { kind: "move", start, from, level } : null;
  }

  private level(): number {
    return this.desk.bench.selectedEgo.peek()?.center_m[2] ?? 0;
  }

  pointerMove(event: PointerEvent): void {
    const at = this.place(event);
    this.over.value = at;
    if (!this.drag) {
      this.hover(at);
      return;
    }
    if (!this.far && Math.hypot(at[0] - this.down[0], at[1] - this.down[1]) < CLICK_PX) return;
    this.far = true;
    this.follow(this.drag, at);
    this.last = at;
  }

  private hover(at: Screen): void {
    const found = boxUnder(this.desk.boxes.committed.peek(), this.aim(at));
    this.desk.bench.selection.hovered.value = found?.id ?? null;
  }

  private follow(drag: Drag, at: Screen): void {
    const { view } = this.desk;
    const by: Screen = [at[0] - this.last[0], at[1] - this.last[1]];
    if (drag.kind === "rectangle") {
      this.rectangle.value = [this.down, at];
    } else if (drag.kind === "move") {
      const there = this.movedTo(drag, at);
      if (there) this.intents.previewMove(there);
    } else {
      this.desk.host.stir();
      const state = view.main.peek();
      const size = view.mainSize.peek();
      view.main.value =
        drag.kind === "turn"
          ? turnedAbout(state, drag.pivot, by)
          : draggedBy(state, size, drag.pivot, by);
    }
  }

  private movedTo(drag: Drag & { kind: "move" }, at: Screen): Cuboid | null {
    const { lens, size } = this.aim(at);
    const to = hitLevel(rayOf(lens, size, at), drag.level);
    return to ? moved(drag.start, subtract(to, drag.from)) : null;
  }

  pointerUp(event: PointerEvent): void {
    const { drag } = this;
    this.drag = null;
    if (!drag) return;
    const at = this.place(event);
    this.rectangle.value = null;
    if (!this.far) this.click(event, at);
    else if (drag.kind === "rectangle") this.intents.rectangle(this.down, this.aim(at));
    else if (drag.kind === "move") this.finishMove(drag, at);
  }

  private finishMove(drag: Drag & { kind: "move" }, at: Screen): void {
    const there = this.movedTo(drag, at);
    if (there) this.intents.finishMove(there);
    else this.intents.cancel();
  }

  private click(event: PointerEvent, at: Screen): void {
    if (event.button !== 0) return;
    const { bench } = this.desk;
    if (event.altKey || bench.tool.peek() === "one-click") {
      this.intents.oneClick(this.aim(at));
      return;
    }
    const found = boxUnder(this.desk.boxes.committed.peek(), this.aim(at));
    bench.selection.select(found?.id ?? null);
  }

  /** The gesture is given up: Escape, or the browser took the pointer away. */
  abort(): void {
    if (this.drag?.kind === "move") this.intents.cancel();
    this.drag = null;
    this.rectangle.value = null;
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const { view, host, bench } = this.desk;
    const point = grabbed(bench.cloud.peek(), this.aim(this.place(event)), this.level());
    host.stir();
    view.main.value = nearedTo(view.main.peek(), point, WHEEL_STEP ** event.deltaY);
  }

  doubleClick(): void {
    this.intents.frame();
  }

  leave(): void {
    this.over.value = null;
    this.desk.bench.selection.hovered.value = null;
  }
}

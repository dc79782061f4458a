/** The mouse on a picture: zoom, shift, choose, draw and pull boxes, or send a ray into the scene. */

import { type Signal, signal } from "@preact/signals";
import type { SensorKey } from "../../core/types";
import type { BoxPx } from "../../math/iou";
import { type BoxGrip, draggedBox, drawnBox, gripAt } from "../../tools/box-drag";
import type { Desk } from "../desk";
import type { Screen } from "../lens";
import { boxInPane, type ImageFit, shifted, toImage, zoomed } from "./image-fit";
import type { CameraState } from "./image-state";
import type { PaneFit } from "./pane-fit";
import { seenUnder } from "./seen";

/** What a picture asks of the tools. Pixels are those of the full picture. */
export interface ImageIntents {
  /** A person's box for the chosen object; place is where to ask for the reason. */
  boxDone(sensor: SensorKey, box_px: BoxPx, place: Screen): void;
  /** A box where no object is chosen. */
  newBox(sensor: SensorKey, box_px: BoxPx): void;
  /** A click on what stands behind a pixel. */
  clickRay(sensor: SensorKey, pixel: Screen): void;
  hoverRay(sensor: SensorKey, pixel: Screen | null): void;
  enlarge(sensor: SensorKey): void;
}

type Drag =
  | { readonly kind: "shift" }
  | { readonly kind: "pull"; readonly box: BoxPx; readonly grip: BoxGrip }
  | { readonly kind: "draw" }
  | { readonly kind: "press" };

const CLICK_PX = 4;
const GRIP_PX = 7;

export class ImagePointer {
  /** The box as the hand has it now. */
  readonly draft: Signal<BoxPx | null> = signal(null);
  readonly grip: Signal<BoxGrip | null> = signal(null);
  private drag: Drag | null = null;
  private down: Screen = [0, 0];
  private last: Screen = [0, 0];
  private far = false;

  constructor(
    private readonly desk: Desk,
    private readonly state: CameraState,
    private readonly pane: PaneFit,
    private readonly element: HTMLElement,
    private readonly intents: ImageIntents,
    /** Tiles of the strip choose only; the large picture edits. */
    private readonly edits: boolean,
  ) {}

  private place(event: MouseEvent): Screen {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private fit(): ImageFit {
    return this.pane.fit(this.state.chosen.peek()?.observation.box_px ?? null);
  }

  private gripUnder(at: Screen): BoxGrip | null {
    const box = this.state.chosen.peek()?.observation.box_px;
    if (!this.edits || !box || !this.desk.bench.editor.canEdit.peek()) return null;
    const grip = gripAt(boxInPane(this.fit(), box), at, GRIP_PX);
    // The inside of a box is left to choosing and shifting, unless the box tool is out.
    const whole = grip !== null && !grip.h && !grip.v;
    return whole ? null : grip;
  }

  pointerDown(event: PointerEvent): void {
    if (this.drag) return;
    this.element.setPointerCapture(event.pointerId);
    this.down = this.place(event);
    this.last = this.down;
    this.far = false;
    this.drag = this.begin(event);
  }

  private begin(event: PointerEvent): Drag {
    if (event.button !== 0) return { kind: "shift" };
    const grip = this.gripUnder(this.down);
    const box = this.state.chosen.peek()?.observation.box_px;
    if (grip && box) return { kind: "pull", grip, box };
    if (this.desk.bench.tool.peek() === "box") return { kind: "draw" };
    return { kind: "press" };
  }

  pointerMove(event: PointerEvent): void {
    const at = this.place(event);
    if (!this.drag) {
      this.hover(event, at);
      return;
    }
    if (!this.far && Math.hypot(at[0] - this.down[0], at[1] - this.down[1]) < CLICK_PX) return;
    this.far = true;
    this.follow(this.drag, at);
    this.last = at;
  }

  private hover(event: PointerEvent, at: Screen): void {
    this.grip.value = this.gripUnder(at);
    const pixel = toImage(this.fit(), at);
    const { bench } = this.desk;
    const found = seenUnder(this.state.seen.peek(), pixel);
    bench.selection.hovered.value = found?.object.id ?? null;
    const aims = bench.tool.peek() === "one-click" || event.altKey;
    this.intents.hoverRay(this.state.camera.key, aims ? pixel : null);
  }

  private follow(drag: Drag, at: Screen): void {
    const fit = this.fit();
    const [from, to] = [toImage(fit, this.down), toImage(fit, at)];
    if (drag.kind === "pull") {
      const by: Screen = [to[0] - from[0], to[1] - from[1]];
      this.draft.value = draggedBox(drag.box, drag.grip, by, this.state.size);
    } else if (drag.kind === "draw") {
      this.draft.value = drawnBox(from, to, this.state.size);
    } else {
      const by: Screen = [at[0] - this.last[0], at[1] - this.last[1]];
      this.pane.follows.value = false;
      this.pane.chosen.value = shifted(fit, this.state.size, this.pane.pane.peek(), by);
    }
  }

  pointerUp(event: PointerEvent): void {
    const { drag } = this;
    const draft = this.draft.peek();
    this.drag = null;
    this.draft.value = null;
    if (!drag) return;
    if (!this.far) this.click(event);
    else if (draft) this.finish(drag, draft, event);
  }

  private finish(drag: Drag, draft: BoxPx, event: PointerEvent): void {
    const sensor = this.state.camera.key;
    const chosen = this.desk.bench.selected.peek();
    if (drag.kind === "pull" || chosen)
      this.intents.boxDone(sensor, draft, [event.clientX, event.clientY]);
    else this.intents.newBox(sensor, draft);
  }

  private click(event: PointerEvent): void {
    if (event.button !== 0) return;
    const pixel = toImage(this.fit(), this.place(event));
    const { bench } = this.desk;
    if (event.altKey || bench.tool.peek() === "one-click") {
      this.intents.clickRay(this.state.camera.key, pixel);
      return;
    }
    bench.selection.sensor.value = this.state.camera.key;
    const found = seenUnder(this.state.seen.peek(), pixel);
    if (found) bench.selection.select(found.object.id);
  }

  doubleClick(): void {
    if (this.edits) {
      this.pane.follows.value = false;
      this.pane.chosen.value = null;
    } else this.intents.enlarge(this.state.camera.key);
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const at = this.place(event);
    const factor = 1.0018 ** -event.deltaY;
    const fit = zoomed(this.fit(), this.state.size, this.pane.pane.peek(), { at, factor });
    this.pane.follows.value = false;
    this.pane.chosen.value = fit;
  }

  leave(): void {
    this.desk.bench.selection.hovered.value = null;
    this.grip.value = null;
    this.intents.hoverRay(this.state.camera.key, null);
  }

  abort(): void {
    this.drag = null;
    this.draft.value = null;
  }
}

const CURSORS: readonly string[] = ["nwse-resize", "nesw-resize"];

export function gripCursor(grip: BoxGrip | null): string | null {
  if (!grip) return null;
  if (grip.h && grip.v) return CURSORS[(grip.h === "left") === (grip.v === "top") ? 0 : 1] ?? null;
  if (grip.h) return "ew-resize";
  return grip.v ? "ns-resize" : "move";
}

/** The mouse in a side view: edges, corners, the centre and the heading of the chosen box. */

import { type Signal, signal } from "@preact/signals";
import type { Cuboid } from "../../core/types";
import type { FaceName } from "../../math/cuboid";
import {
  type DragBy,
  draggedCuboid,
  facesOf,
  type Handle,
  headingAngle,
  turnedBy,
} from "../../tools/side-drag";
import { SIDE_PLANS, type SideName } from "../../tools/side-plans";
import type { Desk } from "../desk";
import type { Screen, Size } from "../lens";
import { sideLens } from "../side-lens";
import { handleAt } from "./side-grip";
import { sideShape } from "./side-shape";

/** What a side view asks of the tools. Cuboids are in the ego frame. */
export interface SideIntents {
  preview(cuboid_ego: Cuboid): void;
  /** Done; the faces named are then pulled to the points. */
  finish(cuboid_ego: Cuboid, label: string, snapped: readonly FaceName[]): void;
  cancel(): void;
  fitFaces(faces: readonly FaceName[]): void;
  fitAll(): void;
  flip(): void;
}

const LABELS: Readonly<Record<Handle["kind"], string>> = {
  edge: "Move face",
  corner: "Move two faces",
  center: "Move cuboid",
  heading: "Turn cuboid",
};
const STILL_PX = 2;
const UPRIGHT_FACES: readonly FaceName[] = ["front", "rear", "left", "right"];

interface Grip {
  readonly handle: Handle;
  readonly start: Cuboid;
  readonly from: Screen;
  readonly metresPerPixel: number;
  /** The angle at which a heading drag took hold. */
  readonly angle: number;
}

export class SidePointer {
  readonly active: Signal<Handle | null> = signal(null);
  readonly hovered: Signal<Handle | null> = signal(null);
  private grip: Grip | null = null;
  private last: Cuboid | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly side: SideName,
    private readonly element: HTMLElement,
    private readonly intents: SideIntents,
  ) {}

  private place(event: MouseEvent): Screen {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  private size(): Size {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  private handleUnder(at: Screen): Handle | null {
    const cuboid = this.desk.bench.selectedEgo.peek();
    const scale = this.desk.view.sideScale[this.side].peek();
    if (!cuboid || !scale || !this.desk.bench.editor.canEdit.peek()) return null;
    const lens = sideLens(this.side, cuboid, scale);
    return handleAt(sideShape(this.side, lens, this.size(), cuboid), at);
  }

  down(event: PointerEvent): void {
    const { bench, view } = this.desk;
    const start = bench.selectedEgo.peek();
    const scale = view.sideScale[this.side].peek();
    const from = this.place(event);
    const handle = event.button === 0 ? this.handleUnder(from) : null;
    if (!handle || !start || !scale) return;
    this.element.setPointerCapture(event.pointerId);
    this.grip = { handle, start, from, metresPerPixel: scale, angle: this.angleAt(from) };
    this.last = null;
    this.active.value = handle;
    view.hold.value = { side: this.side, anchor: start, turning: handle.kind === "heading" };
  }

  private angleAt([x, y]: Screen): number {
    const { width, height } = this.size();
    return headingAngle(x - width / 2, height / 2 - y);
  }

  move(event: PointerEvent): void {
    const at = this.place(event);
    const { grip } = this;
    if (!grip) {
      this.hovered.value = this.handleUnder(at);
      return;
    }
    const [dx, dy] = [at[0] - grip.from[0], grip.from[1] - at[1]];
    if (!this.last && Math.hypot(dx, dy) < STILL_PX) return;
    this.last = this.moved(grip, event, at);
    this.intents.preview(this.last);
  }

  private moved(grip: Grip, event: PointerEvent, at: Screen): Cuboid {
    if (grip.handle.kind === "heading") {
      return turnedBy(grip.start, this.angleAt(at) - grip.angle, event.shiftKey);
    }
    const by: DragBy = {
      right_m: (at[0] - grip.from[0]) * grip.metresPerPixel,
      up_m: (grip.from[1] - at[1]) * grip.metresPerPixel,
      keepsSize: event.shiftKey,
    };
    return draggedCuboid(grip.start, SIDE_PLANS[this.side], grip.handle, by);
  }

  up(event: PointerEvent): void {
    const { grip, last } = this;
    if (!grip) return;
    this.release();
    if (!last) {
      this.intents.cancel();
      return;
    }
    const turns = grip.handle.kind === "heading";
    const faces = turns ? UPRIGHT_FACES : facesOf(SIDE_PLANS[this.side], grip.handle);
    const snaps = event.ctrlKey || event.metaKey;
    this.intents.finish(last, LABELS[grip.handle.kind], snaps ? faces : []);
  }

  abort(): void {
    if (this.grip) this.intents.cancel();
    this.release();
  }

  leave(): void {
    this.hovered.value = null;
  }

  private release(): void {
    this.grip = null;
    this.last = null;
    this.active.value = null;
    this.desk.view.hold.value = null;
  }

  doubleClick(event: MouseEvent): void {
    const handle = this.handleUnder(this.place(event));
    if (!handle) return;
    if (handle.kind === "heading") this.intents.flip();
    else if (handle.kind === "center") this.intents.fitAll();
    else this.intents.fitFaces(facesOf(SIDE_PLANS[this.side], handle));
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const scale = this.desk.view.sideScale[this.side];
    const next = (scale.peek() ?? 0.02) * 1.0016 ** event.deltaY;
    scale.value = Math.min(Math.max(next, 0.001), 0.25);
    this.desk.host.request(this.side);
  }
}

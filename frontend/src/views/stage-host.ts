/** The one canvas and the panes that it draws for; three comes as a chunk of its own, after the shell stands. */

import { type Signal, signal } from "@preact/signals";
import type { DrawCounts, Rect, Stage, Viewport } from "../render/stage";

/** What a pane asks to be drawn; where it stands on the page is measured here. */
export type PaneView = Omit<Viewport, "id" | "rect">;

interface Pane {
  readonly element: HTMLElement;
  readonly view: () => PaneView | null;
}

/** How long after the last movement all points are drawn again. */
const REST_MS = 140;
const NO_REASON = "the browser gave no reason";
const NOTHING_DRAWN: DrawCounts = { draws: 0, drawCalls: 0, pointsDrawn: 0, jsMsPerFrame: 0 };

export class StageHost {
  readonly stage: Signal<Stage | null> = signal(null);
  /** Why nothing can be drawn, in words; null while all is well. */
  readonly failure: Signal<string | null> = signal(null);
  /** While true, views draw a share of the points. */
  readonly moving: Signal<boolean> = signal(false);
  counts: DrawCounts = NOTHING_DRAWN;
  private readonly panes = new Map<string, Pane>();
  private readonly waiting = new Set<(counts: DrawCounts) => void>();
  private canvas: HTMLCanvasElement | null = null;
  private observer: ResizeObserver | null = null;
  private rest = 0;

  /** Loads the renderer and starts to follow the canvas's size. */
  async start(canvas: HTMLCanvasElement): Promise<void> {
    this.canvas = canvas;
    const stage = await this.made(canvas);
    if (!stage) return;
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(canvas);
    this.stage.value = stage;
    this.fit();
  }

  private async made(canvas: HTMLCanvasElement): Promise<Stage | null> {
    try {
      const { Stage } = await import("../render/stage");
      if (this.canvas !== canvas) return null;
      return new Stage(
        canvas,
        () => this.viewports(),
        (counts) => this.drawn(counts),
      );
    } catch (error) {
      this.failure.value = error instanceof Error ? error.message : NO_REASON;
      return null;
    }
  }

  stop(): void {
    this.observer?.disconnect();
    window.clearTimeout(this.rest);
    this.stage.peek()?.dispose();
    this.stage.value = null;
    this.canvas = null;
  }

  addPane(id: string, element: HTMLElement, view: () => PaneView | null): () => void {
    this.panes.set(id, { element, view });
    this.observer?.observe(element);
    this.request(id);
    return () => {
      this.panes.delete(id);
      this.observer?.unobserve(element);
    };
  }

  request(id: string | null = null): void {
    this.stage.peek()?.request(id);
  }

  /** Something moves: draw fewer points now, all of them when it rests. */
  stir(): void {
    this.moving.value = true;
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => {
      this.moving.value = false;
      this.request();
    }, REST_MS);
  }

  /** Resolves after the next draw. */
  nextDraw(): Promise<DrawCounts> {
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  private fit(): void {
    const { canvas } = this;
    if (!canvas) return;
    const { clientWidth, clientHeight } = canvas;
    this.stage.peek()?.resize(clientWidth, clientHeight, window.devicePixelRatio);
    this.request();
  }

  private drawn(counts: DrawCounts): void {
    this.counts = counts;
    for (const resolve of this.waiting) resolve(counts);
    this.waiting.clear();
  }

  private viewports(): readonly Viewport[] {
    const frame = this.canvas?.getBoundingClientRect();
    if (!frame) return [];
    return [...this.panes].flatMap(([id, { element, view }]) => {
      const rect = within(frame, element.getBoundingClientRect());
      const asked = rect.width > 0 && rect.height > 0 ? view() : null;
      return asked ? [{ id, rect, ...asked }] : [];
    });
  }
}

function within(frame: DOMRect, box: DOMRect): Rect {
  return {
    left: box.left - frame.left,
    top: box.top - frame.top,
    width: box.width,
    height: box.height,
  };
}

/** One WebGL2 canvas under all panes: a scissored viewport per pane, drawn on demand, never in a free loop. */

import { Camera, Color, Scene, WebGLRenderer } from "three";
import type { Cuboid } from "../core/types";
import { boxMatrix } from "./box-matrix";
import { FillLayer } from "./fill-layer";
import { LineLayer } from "./line-layer";
import { type DrawnCloud, PointLayer, type Share } from "./point-layer";

/** A rectangle in CSS pixels from the canvas' top left corner. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Viewport {
  readonly id: string;
  readonly rect: Rect;
  /** Column-major, from the ego frame at the shown capture's time. */
  readonly clip_from_ego: readonly number[];
  readonly share: Share;
  /** Only points inside this box are drawn. */
  readonly slab_ego: Cuboid | null;
  readonly pointSize_px: number;
  readonly showsGrid: boolean;
  /** How strongly the other boxes show: 0 not at all, 1 with their front faces. */
  readonly boxes: number;
}

export interface DrawCounts {
  readonly draws: number;
  readonly drawCalls: number;
  readonly pointsDrawn: number;
  readonly jsMsPerFrame: number;
}

export type DrawnListener = (counts: DrawCounts) => void;

export class Stage {
  readonly points = new PointLayer();
  readonly grid = new LineLayer(1);
  readonly fills = new FillLayer(2);
  readonly boxes = new LineLayer(3);
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new Camera();
  private readonly dirty = new Set<string>();
  private readonly background = new Color(0x0f1216);
  private pending = 0;
  private draws = 0;
  private size = { width: 0, height: 0 };
  counts: DrawCounts = { draws: 0, drawCalls: 0, pointsDrawn: 0, jsMsPerFrame: 0 };

  constructor(
    canvas: HTMLCanvasElement,
    private readonly viewports: () => readonly Viewport[],
    private readonly onDrawn: DrawnListener,
  ) {
    // The buffer is kept so that a pane may be drawn again without its neighbours.
    this.renderer = new WebGLRenderer({ canvas, preserveDrawingBuffer: true, stencil: false });
    this.renderer.autoClear = false;
    this.renderer.info.autoReset = false;
    this.renderer.setScissorTest(true);
    this.camera.matrixAutoUpdate = false;
    const nodes = [this.points.node, this.grid.node, this.fills.node, this.boxes.node];
    this.scene.add(...nodes);
    canvas.addEventListener("webglcontextrestored", () => this.request());
  }

  setBackground(colour: string): void {
    this.background.set(colour);
    this.request();
  }

  load(cloud: DrawnCloud | null): void {
    this.points.load(cloud);
    this.request();
  }

  resize(width: number, height: number, ratio: number): void {
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.renderer.setPixelRatio(Math.min(ratio, 2));
    this.renderer.setSize(width, height, false);
    this.request();
  }

  /** Asks for a pane, or for all, to be drawn with the next animation frame. */
  request(id: string | null = null): void {
    if (id) this.dirty.add(id);
    else for (const viewport of this.viewports()) this.dirty.add(viewport.id);
    if (this.pending || this.dirty.size === 0) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      this.drawNow();
    });
  }

  private drawNow(): void {
    const started = performance.now();
    this.renderer.info.reset();
    let drawn = 0;
    for (const viewport of this.viewports()) {
      if (this.dirty.has(viewport.id)) drawn += this.drawOne(viewport);
    }
    this.dirty.clear();
    this.draws += 1;
    this.counts = {
      draws: this.draws,
      drawCalls: this.renderer.info.render.calls,
      pointsDrawn: drawn,
      jsMsPerFrame: performance.now() - started,
    };
    this.onDrawn(this.counts);
  }

  private drawOne(viewport: Viewport): number {
    const { left, top, width, height } = viewport.rect;
    if (width < 1 || height < 1) return 0;
    const bottom = this.size.height - top - height;
    this.renderer.setViewport(left, bottom, width, height);
    this.renderer.setScissor(left, bottom, width, height);
    this.renderer.setClearColor(this.background, 1);
    this.renderer.clear(true, true, false);
    this.camera.projectionMatrix.fromArray([...viewport.clip_from_ego]);
    const slab_from_ego = viewport.slab_ego ? boxMatrix(viewport.slab_ego) : null;
    const shown = this.points.show(viewport.share);
    this.points.material.setSize(viewport.pointSize_px * this.renderer.getPixelRatio());
    this.points.material.setSlab(slab_from_ego);
    const view = { width_px: width, height_px: height, slab_from_ego, fade: viewport.boxes };
    this.boxes.setView(view);
    this.grid.setView({ ...view, fade: 1 });
    this.grid.show(viewport.showsGrid);
    this.boxes.show(viewport.boxes > 0);
    this.fills.show(viewport.boxes === 1);
    this.renderer.render(this.scene, this.camera);
    return shown;
  }

  dispose(): void {
    if (this.pending) cancelAnimationFrame(this.pending);
    this.points.dispose();
    this.grid.dispose();
    this.boxes.dispose();
    this.fills.dispose();
    this.renderer.dispose();
  }
}

/** The main view: the whole cloud, from an angle or from above. */

import { effect, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { worldKeys } from "../../core/evaluate";
import type { Vec3 } from "../../core/types";
import { groundHeight } from "../../math/ground";
import { apply } from "../../math/rigid";
import { isCuboid } from "../../math/trajectory";
import { type Desk, useDesk } from "../desk";
import { clipOf, type Size } from "../lens";
import { lensOf } from "../orbit";
import { paintOn } from "../overlay-canvas";
import type { ShownBox } from "../shown-boxes";
import type { PaneView } from "../stage-host";
import { CANVAS_THEMES } from "../theme";
import { useSize } from "../use-size";
import { drawMainOverlay, type MainOverlay } from "./main-overlay";
import { type MainIntents, MainPointer } from "./main-pointer";
import { pointUnder } from "./picking";

const PANE = "main";

function paneView({ view, host }: Desk): PaneView {
  const size = view.mainSize.peek();
  return {
    clip_from_ego: clipOf(lensOf(view.main.peek()), size),
    share: host.moving.peek() ? "thin" : "all",
    slab_ego: null,
    pointSize_px: view.preferences.peek().pointSize_px,
    showsGrid: true,
    boxes: 1,
  };
}

function overlayOf(desk: Desk, pointer: MainPointer | null): MainOverlay {
  const { view, bench, boxes } = desk;
  const hovered = bench.selection.hovered.value;
  const selected = boxes.selected.value;
  const shown = boxes.committed.value;
  const names = view.preferences.value.labels ? shown : shown.filter((box) => box.id === hovered);
  return {
    clip: clipOf(lensOf(view.main.value), view.mainSize.value),
    theme: CANVAS_THEMES[view.preferences.value.theme],
    selected,
    assumed: desk.evidence.assumed.value,
    face: bench.selection.face.value,
    ghost: bench.ghostEgo.value,
    path: pathOf(desk),
    hovered: shown.find((box) => box.id === hovered && box.id !== selected?.id) ?? null,
    named: nearestFirst(names),
    rectangle: pointer?.rectangle.value ?? null,
    ray: desk.ray.value,
  };
}

/** The centres of the chosen object's keys, as seen from here and now. */
function pathOf({ bench }: Desk): readonly Vec3[] {
  const object = bench.selected.value;
  const keys = object ? worldKeys(object) : [];
  if (keys.length < 2) return [];
  return keys.flatMap(({ geometry, absent }) =>
    !absent && isCuboid(geometry) ? [apply(bench.egoFromWorld.value, geometry.center_m)] : [],
  );
}

function nearestFirst(boxes: readonly ShownBox[]): readonly ShownBox[] {
  const range = ({ cuboid }: ShownBox) => Math.hypot(cuboid.center_m[0], cuboid.center_m[1]);
  return [...boxes].sort((a, b) => range(a) - range(b));
}

/** Where the mouse points, in words: range, side, height above the road. */
function placeText(desk: Desk, point: Vec3): string {
  const [x, y, z] = point;
  const ground = desk.bench.cloud.peek()?.ground;
  const road = ground ? groundHeight(ground, x, y) : null;
  const height = road === null ? `z ${z.toFixed(2)}` : `${(z - road).toFixed(2)} m above ground`;
  return `${Math.hypot(x, y).toFixed(1)} m away · x ${x.toFixed(1)}  y ${y.toFixed(1)} · ${height}`;
}

const READ_EVERY_MS = 60;

/** The place under the mouse, read at leisure: picking goes through every point. */
function usePlace(desk: Desk, pointer: () => MainPointer | null) {
  const text = useSignal("");
  useEffect(() => {
    let waiting = 0;
    const read = () => {
      waiting = 0;
      const at = pointer()?.over.peek();
      if (!at || desk.host.moving.peek()) return;
      const aim = { lens: lensOf(desk.view.main.peek()), size: desk.view.mainSize.peek(), at };
      const point = pointUnder(desk.bench.cloud.peek(), aim);
      text.value = point ? placeText(desk, point) : "";
    };
    const stop = effect(() => {
      const at = pointer()?.over.value;
      if (at && !waiting) waiting = window.setTimeout(read, READ_EVERY_MS);
    });
    return () => {
      stop();
      window.clearTimeout(waiting);
    };
  }, [desk, pointer, text]);
  return text;
}

export function MainView({ intents }: { readonly intents: MainIntents }) {
  const desk = useDesk();
  const pane = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hands = useRef<MainPointer | null>(null);
  const pointer = useMemo(() => () => hands.current, []);
  useSize(pane, (size: Size) => {
    desk.view.mainSize.value = size;
    desk.host.request(PANE);
  });
  useEffect(() => {
    const [element, surface] = [pane.current, canvas.current];
    if (!element || !surface) return;
    const made = new MainPointer(desk, element, intents);
    hands.current = made;
    const stops = [
      desk.host.addPane(PANE, element, () => paneView(desk)),
      paintOn(
        surface,
        () => desk.view.mainSize.value,
        (context, size) => drawMainOverlay(context, size, overlayOf(desk, made)),
      ),
      desk.view.main.subscribe(() => desk.host.request(PANE)),
    ];
    const wheel = (event: WheelEvent) => made.wheel(event);
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      for (const stop of stops) stop();
      element.removeEventListener("wheel", wheel);
    };
  }, [desk, intents]);
  const place = usePlace(desk, pointer);
  const cursor = useComputed(() => (desk.bench.tool.value === "select" ? "default" : "crosshair"));
  return (
    <div
      ref={pane}
      class="pane pane-main"
      data-view="main"
      role="application"
      aria-label="Main view: points and cuboids. Every action has a key; press question mark for the list."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the view takes keys, it is an application region
      tabIndex={0}
      style={{ cursor: cursor.value }}
      onPointerDown={(event) => hands.current?.pointerDown(event)}
      onPointerMove={(event) => hands.current?.pointerMove(event)}
      onPointerUp={(event) => hands.current?.pointerUp(event)}
      onPointerCancel={() => hands.current?.abort()}
      onPointerLeave={() => hands.current?.leave()}
      onPointerEnter={() => {
        desk.view.pane.value = "main";
      }}
      onFocus={() => {
        desk.view.pane.value = "main";
      }}
      onDblClick={() => hands.current?.doubleClick()}
      onContextMenu={(event) => event.preventDefault()}
    >
      <canvas ref={canvas} class="overlay" />
      <output class="place-text">{place}</output>
    </div>
  );
}

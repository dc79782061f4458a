/** A camera's picture with the labels on it: a tile of the strip, or the large one that edits. */

import { computed, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Observation } from "../../core/evaluate";
import type { BoxGrip } from "../../tools/box-drag";
import { type Desk, useDesk } from "../desk";
import { paintOn } from "../overlay-canvas";
import { CANVAS_THEMES, readable } from "../theme";
import { useSize } from "../use-size";
import { type DrawnSeen, drawBoxKnobs, drawImageScene } from "./image-drawing";
import { boxInPane } from "./image-fit";
import { gripCursor, type ImageIntents, ImagePointer } from "./image-pointer";
import type { CameraState } from "./image-state";
import { PaneFit } from "./pane-fit";
import { drawImagePoints, imagePoints } from "./point-overlay";
import type { Seen } from "./seen";

interface Props {
  readonly state: CameraState;
  readonly intents: ImageIntents;
  readonly large: boolean;
  readonly onFit?: (fit: PaneFit) => () => void;
}

function drawnOf(desk: Desk, seen: Seen): DrawnSeen {
  const { bench, boxes } = desk;
  const id = seen.object.id;
  const chosen = bench.selection.object.value === id;
  const hovered = bench.selection.hovered.value === id;
  return {
    seen,
    colour: readable(bench.classOf(seen.object)?.color ?? "#9aa5b1", "dark"),
    text: boxes.textOf(seen.object),
    emphasis: chosen ? "selected" : hovered ? "hovered" : "plain",
  };
}

function paintPicture(
  context: CanvasRenderingContext2D,
  state: CameraState,
  fit: { scale: number; left: number; top: number },
): void {
  const shown = state.picture.value;
  if (!shown) return;
  const { width, height } = state.size;
  context.imageSmoothingQuality = "medium";
  context.imageSmoothingEnabled = fit.scale < 3 || shown.quality === "preview";
  context.drawImage(shown.picture, fit.left, fit.top, width * fit.scale, height * fit.scale);
}

/** The layers of a pane: the picture below, drawn when it changes, the labels above, drawn with every move. */
function usePainting(
  desk: Desk,
  state: CameraState,
  fit: PaneFit,
  pointer: () => ImagePointer | null,
  large: boolean,
) {
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const [picture, labels] = [below.current, above.current];
    if (!picture || !labels) return;
    const size = () => fit.pane.value;
    const focus = computed(() => state.chosen.value?.observation.box_px ?? null);
    const place = computed(() => fit.fit(fit.follows.value ? focus.value : null));
    const points = computed(() => pointsOf(desk, state));
    const stops = [
      paintOn(picture, size, (context) => {
        paintPicture(context, state, place.value);
        if (points.value)
          drawImagePoints(context, points.value, place.value, desk.view.preferences.value.palette);
      }),
      paintOn(labels, size, (context) => {
        const theme = CANVAS_THEMES.dark;
        const drawn = state.seen.value.map((seen) => drawnOf(desk, seen));
        const draft = pointer()?.draft.value ?? null;
        drawImageScene(context, { fit: place.value, image: state.size, theme, drawn, draft });
        const knobs = draft ?? focus.value;
        if (large && knobs) drawBoxKnobs(context, boxInPane(place.value, knobs), theme);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [desk, state, fit, pointer, large]);
  return { below, above };
}

function pointsOf(desk: Desk, state: CameraState) {
  const cloud = desk.bench.cloud.value;
  if (!desk.view.preferences.value.pointsOnImages || !cloud) return null;
  const times = { lidar_ns: desk.bench.clock.at_ns.value, camera_ns: state.at_ns.value };
  return imagePoints(desk.bench.scene, state.camera, cloud, times);
}

export function ImageView({ state, intents, large, onFit }: Props) {
  const desk = useDesk();
  const pane = useRef<HTMLDivElement>(null);
  const hands = useRef<ImagePointer | null>(null);
  const fit = useMemo(() => new PaneFit(state.size), [state]);
  const pointer = useMemo(() => () => hands.current, []);
  const grip = useSignal<BoxGrip | null>(null);
  useSize(pane, (size) => {
    fit.pane.value = size;
  });
  useEffect(() => onFit?.(fit), [fit, onFit]);
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    const made = new ImagePointer(desk, state, fit, element, intents, large);
    hands.current = made;
    const wheel = (event: WheelEvent) => made.wheel(event);
    element.addEventListener("wheel", wheel, { passive: false });
    const stop = made.grip.subscribe((next) => {
      grip.value = next;
    });
    return () => {
      stop();
      element.removeEventListener("wheel", wheel);
    };
  }, [desk, state, fit, intents, large, grip]);
  const { below, above } = usePainting(desk, state, fit, pointer, large);
  const cursor = useComputed(
    () => gripCursor(grip.value) ?? (desk.bench.tool.value === "select" ? "default" : "crosshair"),
  );
  const enter = () => {
    desk.view.pane.value = "image";
    desk.bench.selection.sensor.value = state.camera.key;
  };
  return (
    <div
      ref={pane}
      class={large ? "pane pane-image large" : "pane pane-image"}
      data-view={large ? "large" : state.camera.key}
      role="application"
      aria-label={`Camera ${state.camera.label}`}
      tabIndex={large ? 0 : -1}
      style={{ cursor: cursor.value }}
      onPointerDown={(event) => hands.current?.pointerDown(event)}
      onPointerMove={(event) => hands.current?.pointerMove(event)}
      onPointerUp={(event) => hands.current?.pointerUp(event)}
      onPointerCancel={() => hands.current?.abort()}
      onPointerLeave={() => hands.current?.leave()}
      onPointerEnter={enter}
      onFocus={enter}
      onDblClick={() => hands.current?.doubleClick()}
      onContextMenu={(event) => event.preventDefault()}
    >
      <canvas ref={below} class="picture" />
      <canvas ref={above} class="overlay" />
      <PaneTitle state={state} large={large} />
    </div>
  );
}

const SEEN_AS = {
  keyed: "",
  derived: "derived",
  adjusted: "adjusted",
  independent: "independent",
  not_visible: "not visible",
} as const;

/** Name of the camera, and how it sees the chosen object. */
function PaneTitle({ state, large }: { readonly state: CameraState; readonly large: boolean }) {
  const observation = state.chosen.value?.observation ?? null;
  const shown = state.picture.value;
  return (
    <header class="pane-title">
      {state.camera.label}
      {observation && <SeenBadge observation={observation} large={large} />}
      {!shown && <span class="waiting">{state.missing}</span>}
      {large && shown?.quality === "preview" && <span class="waiting">loading full picture</span>}
    </header>
  );
}

interface BadgeProps {
  readonly observation: Observation;
  readonly large: boolean;
}

function SeenBadge({ observation: { key, state }, large }: BadgeProps) {
  if (!key) return <span class="seen-badge unlinked">seen</span>;
  const reason = large && key.reason ? `: ${key.reason.toLowerCase()}` : "";
  return (
    <span class={`seen-badge ${state}`} title={key.reason}>
      {SEEN_AS[state]}
      {reason}
    </span>
  );
}

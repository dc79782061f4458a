/** Time from left to right: frames, keys of the chosen object, and where findings are. */

import { computed, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { worldKeys } from "../../core/evaluate";
import type { Severity } from "../../core/types";
import { type Desk, useDesk } from "../../views/desk";
import { FONT, paintOn } from "../../views/overlay-canvas";
import { CANVAS_THEMES } from "../../views/theme";
import { useSize } from "../../views/use-size";
import { clockText } from "./clock-text";
import { type FrameMarks, frameMarks } from "./frame-marks";

const SIDE_PX = 10;
const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = {
  error: "#f2555a",
  warning: "#f5a524",
  info: "#4aa3ff",
};

interface Track {
  readonly width: number;
  readonly frames: number;
}

function xOf({ width, frames }: Track, frame: number): number {
  return SIDE_PX + (frame / Math.max(frames - 1, 1)) * (width - 2 * SIDE_PX);
}

function frameAt({ width, frames }: Track, x: number): number {
  return Math.round(((x - SIDE_PX) / (width - 2 * SIDE_PX)) * Math.max(frames - 1, 1));
}

function paint(
  context: CanvasRenderingContext2D,
  track: Track,
  height: number,
  desk: Desk,
  marks: FrameMarks,
): void {
  const theme = CANVAS_THEMES[desk.view.preferences.value.theme];
  const now = desk.bench.clock.frame.value;
  const middle = height - 13;
  context.font = FONT;
  context.textBaseline = "alphabetic";
  paintTicks(context, track, middle, desk);
  for (const [frame, severity] of marks.worst) {
    const x = xOf(track, frame);
    const half = Math.min(Math.max((track.width / track.frames) * 0.4, 1.5), 10);
    context.fillStyle = SEVERITY_COLOURS[severity];
    context.fillRect(x - half, middle + 8, half * 2, 3);
  }
  paintLife(context, track, middle, marks);
  const x = xOf(track, now);
  context.strokeStyle = theme.accent;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, 2);
  context.lineTo(x, height - 2);
  context.stroke();
}

function paintTicks(
  context: CanvasRenderingContext2D,
  track: Track,
  middle: number,
  desk: Desk,
): void {
  const light = desk.view.preferences.value.theme === "light";
  context.fillStyle = light ? "#5b6672" : "#7d8894";
  context.strokeStyle = light ? "#c3cad2" : "#39424d";
  context.lineWidth = 1;
  const every = Math.max(1, Math.ceil(track.frames / (track.width / 56)));
  context.beginPath();
  for (let frame = 0; frame < track.frames; frame++) {
    const x = Math.round(xOf(track, frame)) + 0.5;
    const labelled = frame % every === 0;
    if (!labelled && track.frames > track.width / 4) continue;
    context.moveTo(x, middle - (labelled ? 7 : 4));
    context.lineTo(x, middle + 5);
    const text = String(frame + 1);
    if (labelled) context.fillText(text, x - context.measureText(text).width / 2, middle - 10);
  }
  context.stroke();
}

/** The chosen object's life as a bar, its keys as diamonds; hollow where nobody has confirmed them. */
function paintLife(
  context: CanvasRenderingContext2D,
  track: Track,
  middle: number,
  marks: FrameMarks,
): void {
  context.fillStyle = marks.colour;
  context.strokeStyle = marks.colour;
  context.lineWidth = 1.25;
  context.globalAlpha = 0.35;
  for (const [from, to] of marks.life) {
    context.fillRect(
      xOf(track, from),
      middle - 2,
      Math.max(xOf(track, to) - xOf(track, from), 2),
      4,
    );
  }
  context.globalAlpha = 1;
  for (const key of marks.keys) {
    const x = xOf(track, key.frame);
    context.beginPath();
    if (key.absent) {
      context.moveTo(x - 3.5, middle - 3.5);
      context.lineTo(x + 3.5, middle + 3.5);
      context.moveTo(x + 3.5, middle - 3.5);
      context.lineTo(x - 3.5, middle + 3.5);
      context.stroke();
      continue;
    }
    context.moveTo(x, middle - 5.5);
    context.lineTo(x + 5, middle);
    context.lineTo(x, middle + 5.5);
    context.lineTo(x - 5, middle);
    context.closePath();
    if (key.confirmed) context.fill();
    else context.stroke();
  }
}

export function FrameBar() {
  const desk = useDesk();
  const { clock, scene } = desk.bench;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useRef(signal({ width: 1, height: 1 })).current;
  useSize(box, (next) => {
    size.value = next;
  });
  useEffect(() => {
    const surface = canvas.current;
    if (!surface) return;
    const marks = computed(() => frameMarks(desk));
    return paintOn(
      surface,
      () => size.value,
      (context, { width, height }) => {
        const track = { width, frames: scene.frames.length };
        paint(context, track, height, desk, marks.value);
      },
    );
  }, [desk, scene, size]);
  const scrub = (event: PointerEvent) => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    const track = { width: size.peek().width, frames: scene.frames.length };
    clock.goTo(frameAt(track, event.clientX - left));
  };
  const frame = clock.frame.value;
  return (
    <footer class="frame-bar">
      <div class="transport">
        <button
          type="button"
          title="Frame back (,)"
          aria-label="Frame back"
          onClick={() => clock.step(-1)}
        >
          ‹
        </button>
        <button
          type="button"
          class="play"
          aria-pressed={clock.playing.value}
          title="Play"
          aria-label={clock.playing.value ? "Stop playing" : "Play"}
          onClick={() => {
            clock.playing.value = !clock.playing.value;
          }}
        >
          {clock.playing.value ? "❚❚" : "▶"}
        </button>
        <button
          type="button"
          title="Frame on (.)"
          aria-label="Frame on"
          onClick={() => clock.step(1)}
        >
          ›
        </button>
        <span class="clock">
          <b>{clockText(scene.frame(frame)?.at_ns ?? 0)}</b> {frame + 1}/{scene.frames.length}
        </span>
      </div>
      <div
        ref={box}
        class="track"
        role="slider"
        tabIndex={0}
        aria-label="Frame"
        aria-valuemin={1}
        aria-valuemax={scene.frames.length}
        aria-valuenow={frame + 1}
        aria-valuetext={`frame ${frame + 1} of ${scene.frames.length}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          scrub(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons & 1) scrub(event);
        }}
      >
        <canvas ref={canvas} class="overlay" />
      </div>
      <span class="key-count">{keyText(desk)}</span>
    </footer>
  );
}

function keyText({ bench }: Desk): string {
  const object = bench.selected.value;
  if (!object) return "";
  const count = worldKeys(object).length;
  return count === 1 ? "1 keyframe" : `${count} keyframes`;
}

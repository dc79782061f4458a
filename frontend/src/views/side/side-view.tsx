/** One of the three views that are locked to the chosen box. */

import { computed, type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Cuboid } from "../../core/types";
import type { EdgeSide, Handle } from "../../tools/side-drag";
import { SIDE_PLANS, type SideName } from "../../tools/side-plans";
import { type Desk, useDesk } from "../desk";
import { clipOf, type Size } from "../lens";
import { keptScale, sideLens, slabOf } from "../side-lens";
import type { PaneView } from "../stage-host";
import { useSize } from "../use-size";
import { DimensionText, RangeTicks } from "./side-dimensions";
import { cursorOf } from "./side-grip";
import { SideHandles } from "./side-handles";
import { type SideIntents, SidePointer } from "./side-pointer";
import { borderDot, sideShape } from "./side-shape";

const TITLES: Readonly<Record<SideName, string>> = { top: "Top", side: "Side", rear: "Rear" };

/** The box that a view is locked to: while one drags, the box as it was. */
export function anchorOf({ view, bench }: Desk, side: SideName): Cuboid | null {
  const hold = view.hold.value;
  if (hold && !(hold.turning && hold.side !== side)) return hold.anchor;
  return bench.selectedEgo.value;
}

function paneView(desk: Desk, side: SideName, size: Size): PaneView | null {
  const anchor = anchorOf(desk, side);
  const scale = desk.view.sideScale[side].peek();
  const shows = anchor && scale ? anchor : null;
  if (!shows || !scale) return emptyPane(size);
  return {
    clip_from_ego: clipOf(sideLens(side, shows, scale), size),
    share: "crop",
    slab_ego: slabOf(side, shows),
    pointSize_px: desk.view.preferences.peek().pointSize_px + 0.5,
    showsGrid: false,
    boxes: 0.45,
  };
}

function emptyPane(size: Size): PaneView {
  const lens = {
    kind: "parallel",
    center_m: [0, 0, 0],
    metresPerPixel: 1,
    right: [1, 0, 0],
    up: [0, 1, 0],
    forward: [0, 0, -1],
  } as const;
  const clip_from_ego = clipOf(lens, size);
  return {
    clip_from_ego,
    share: "none",
    slab_ego: null,
    pointSize_px: 1,
    showsGrid: false,
    boxes: 0,
  };
}

interface Props {
  readonly side: SideName;
  readonly intents: SideIntents;
}

export function SideView({ side, intents }: Props) {
  const desk = useDesk();
  const pane = useRef<HTMLDivElement>(null);
  const hands = useRef<SidePointer | null>(null);
  const size = useSignal<Size>({ width: 1, height: 1 });
  const active = useSignal<Handle | null>(null);
  const hovered = useSignal<Handle | null>(null);
  useSize(pane, (next) => {
    size.value = next;
    desk.host.request(side);
  });
  useScale(desk, side, size);
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    const made = new SidePointer(desk, side, element, intents);
    hands.current = made;
    const wheel = (event: WheelEvent) => made.wheel(event);
    element.addEventListener("wheel", wheel, { passive: false });
    const stops = [
      desk.host.addPane(side, element, () => paneView(desk, side, size.peek())),
      made.active.subscribe((handle) => {
        active.value = handle;
      }),
      made.hovered.subscribe((handle) => {
        hovered.value = handle;
      }),
      () => element.removeEventListener("wheel", wheel),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [desk, side, intents, size, active, hovered]);
  const enter = () => {
    desk.view.pane.value = "side";
    desk.view.side.value = side;
  };
  return (
    <div
      ref={pane}
      class="pane pane-side"
      data-view={side}
      role="application"
      aria-label={`${TITLES[side]} view of the chosen cuboid`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the view takes keys, it is an application region
      tabIndex={0}
      onPointerEnter={enter}
      onFocus={enter}
      onPointerDown={(event) => hands.current?.down(event)}
      onPointerMove={(event) => hands.current?.move(event)}
      onPointerLeave={() => hands.current?.leave()}
      onDblClick={(event) => hands.current?.doubleClick(event)}
      style={{ cursor: cursorOf(active.value ?? hovered.value) }}
      onPointerUp={(event) => hands.current?.up(event)}
      onPointerCancel={() => hands.current?.abort()}
    >
      <SideOverlay side={side} size={size} active={active} hovered={hovered} />
    </div>
  );
}

/** Keeps the scale while the box still shows well, chooses a new one when it does not. */
function useScale(desk: Desk, side: SideName, size: ReadonlySignal<Size>): void {
  const { bench, view } = desk;
  useEffect(() => {
    let shown: string | null = null;
    const wanted = computed(
      () => [bench.committedEgo.value, size.value, bench.selection.object.value] as const,
    );
    return wanted.subscribe(([cuboid, { width, height }, id]) => {
      if (!cuboid || width < 2 || height < 2 || view.hold.peek()) return;
      const old = shown === id ? view.sideScale[side].peek() : null;
      shown = id;
      view.sideScale[side].value = keptScale(side, cuboid, { width, height }, old);
      desk.host.request(side);
    });
  }, [desk, side, size, bench, view]);
}

interface OverlayProps {
  readonly side: SideName;
  readonly size: ReadonlySignal<Size>;
  readonly active: ReadonlySignal<Handle | null>;
  readonly hovered: ReadonlySignal<Handle | null>;
}

function SideOverlay({ side, size, active, hovered }: OverlayProps) {
  const desk = useDesk();
  const { bench, view } = desk;
  const anchor = anchorOf(desk, side);
  const box = bench.selectedEgo.value;
  const scale = view.sideScale[side].value;
  const object = bench.selected.value;
  const lens = useMemo(
    () => (anchor && scale ? sideLens(side, anchor, scale) : null),
    [anchor, scale, side],
  );
  if (!lens || !box) return <EmptySide side={side} />;
  const shape = sideShape(side, lens, size.value, box);
  const dot = borderDot(lens, size.value, [0, 0, box.center_m[2]]);
  const { across, along } = SIDE_PLANS[side];
  const grabbed = draggedEdge(active.value);
  return (
    <>
      <svg class="overlay" width={size.value.width} height={size.value.height} aria-hidden="true">
        {dot && side === "top" && <circle class="sensor-dot" cx={dot[0]} cy={dot[1]} r={4} />}
        <SideHandles
          side={side}
          shape={shape}
          size={size.value}
          active={active.value}
          hovered={hovered.value}
          face={bench.selection.face.value}
          assumed={desk.evidence.assumed.value}
        />
        {grabbed && object && (
          <RangeTicks
            side={side}
            edge={grabbed}
            shape={shape}
            cuboid={box}
            classKey={object.class}
            standards={bench.store.standards}
            scale={lens.metresPerPixel}
          />
        )}
      </svg>
      <DimensionText
        side={side}
        title={TITLES[side]}
        cuboid={box}
        axes={[across, along]}
        grabbed={grabbed}
        shape={shape}
      />
    </>
  );
}

function draggedEdge(handle: Handle | null): EdgeSide | null {
  if (handle?.kind === "edge") return handle.side;
  return handle?.kind === "corner" ? handle.sides[1] : null;
}

const HINTS: Readonly<Record<SideName, string>> = {
  top: "Choose an object, or press C and click one",
  side: "",
  rear: "",
};

function EmptySide({ side }: { readonly side: SideName }) {
  return (
    <>
      <header class="pane-title">{TITLES[side]}</header>
      {HINTS[side] && <p class="pane-hint">{HINTS[side]}</p>}
    </>
  );
}

/** A border between panes that can be dragged, or moved with the arrow keys; a double click gives the usual size back. */

import { useDesk } from "../../views/desk";
import type { ViewPreferences } from "../../views/view-state";

type SizeName = "sideWidth_px" | "panelWidth_px" | "stripHeight_px";

interface Props {
  readonly name: SizeName;
  readonly label: string;
  /** The element whose size it sets, by its class. */
  readonly of: string;
  readonly least: number;
  readonly most: number;
}

const KEY_STEP_PX = 16;
const KEYS: Readonly<Record<string, 1 | -1>> = {
  ArrowLeft: 1,
  ArrowUp: 1,
  ArrowRight: -1,
  ArrowDown: -1,
};

export function Splitter({ name, label, of, least, most }: Props) {
  const { view } = useDesk();
  const upright = name !== "stripHeight_px";
  const size = (): number => {
    const box = document.querySelector(`.workspace ${of}`)?.getBoundingClientRect();
    return (upright ? box?.width : box?.height) ?? least;
  };
  const set = (value: number) => {
    view.set(
      name,
      Math.round(Math.min(Math.max(value, least), most)) satisfies ViewPreferences[SizeName],
    );
  };
  const drag = (event: PointerEvent) => {
    const element = event.currentTarget;
    if (!(element instanceof HTMLElement)) return;
    element.setPointerCapture(event.pointerId);
    const start = size();
    const from = upright ? event.clientX : event.clientY;
    const move = (moved: PointerEvent) =>
      set(start + from - (upright ? moved.clientX : moved.clientY));
    const end = () => {
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", end);
      element.removeEventListener("pointercancel", end);
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
  };
  return (
    <hr
      class={`splitter ${upright ? "upright" : "level"} ${name}`}
      tabIndex={0}
      aria-label={label}
      aria-orientation={upright ? "vertical" : "horizontal"}
      aria-valuenow={view.preferences.value[name] || undefined}
      onPointerDown={drag}
      onDblClick={() => view.set(name, 0)}
      onKeyDown={(event) => {
        const step = KEYS[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        set(size() + step * KEY_STEP_PX);
      }}
    />
  );
}

/** All objects against all sensors, as a grid for eyes and for screen readers; only the rows in sight are made. */

import { computed, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useDesk } from "../../views/desk";
import type { CameraState } from "../../views/image/image-state";
import { useSize } from "../../views/use-size";
import type { Chrome } from "../chrome";
import { Icon } from "../controls/icon";
import { frameChosen } from "../editing/framing";
import { type Dot, inOrder, type ObjectRow, objectRows } from "./object-rows";
import { matcher } from "./query";

const ROW_PX = 26;
const SPARE_ROWS = 4;

interface Props {
  readonly cameras: readonly CameraState[];
  readonly chrome: Chrome;
}

export function ObjectList({ cameras, chrome }: Props) {
  const desk = useDesk();
  const rows = useMemo(() => computed(() => inOrder(objectRows(desk, cameras))), [desk, cameras]);
  const shown = useComputed(() => rows.value.filter(matcher(chrome.query.value)));
  return (
    <section class="panel object-panel" aria-label="Objects">
      <QueryBar chrome={chrome} count={shown.value.length} total={rows.value.length} />
      <Rows
        empty={
          rows.value.length === 0 ? "No objects yet: press C and click on one." : "No object fits."
        }
        rows={shown.value}
        sensors={["LiDAR", ...cameras.map(({ camera }) => camera.label)]}
      />
    </section>
  );
}

/** "Front Left" as "FL", "Camera 05" as "05", "lidar" as "Li". */
export function shortName(label: string): string {
  const words = label.split(/[\s_-]+/).filter(Boolean);
  const last = words.at(-1) ?? "";
  if (words.length > 1 && /^\d+$/.test(last)) return last.slice(-2);
  const letters = words.length > 1 ? words.map((word) => word.charAt(0)).join("") : last;
  return letters.charAt(0).toUpperCase() + letters.slice(1, 2);
}

function QueryBar({
  chrome,
  count,
  total,
}: {
  readonly chrome: Chrome;
  readonly count: number;
  readonly total: number;
}) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    let first = true;
    return chrome.queryFocus.subscribe(() => {
      if (!first) field.current?.focus();
      first = false;
    });
  }, [chrome]);
  return (
    <label class="query-bar">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        placeholder="car pts<10 sev>=warn"
        aria-label="Filter objects: class, number, pts, dist, keys, sev, is:unconfirmed"
        value={chrome.query.value}
        onInput={(event) => {
          chrome.query.value = event.currentTarget.value;
        }}
      />
      <span>{count === total ? total : `${count}/${total}`}</span>
    </label>
  );
}

interface RowsProps {
  readonly rows: readonly ObjectRow[];
  readonly sensors: readonly string[];
  readonly empty: string;
}

function Rows({ rows, sensors, empty }: RowsProps) {
  const desk = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const height = useSignal(300);
  const top = useSignal(0);
  useSize(box, (size) => {
    height.value = size.height;
  });
  const chosen = desk.bench.selection.object.value;
  const index = rows.findIndex((row) => row.id === chosen);
  useEffect(() => {
    const element = box.current;
    if (!element || index < 0) return;
    const at = index * ROW_PX;
    if (at < element.scrollTop) element.scrollTop = at;
    else if (at + ROW_PX > element.scrollTop + element.clientHeight) {
      element.scrollTop = at + ROW_PX - element.clientHeight;
    }
  }, [index]);
  const first = Math.max(Math.floor(top.value / ROW_PX) - SPARE_ROWS, 0);
  const last = Math.min(first + Math.ceil(height.value / ROW_PX) + 2 * SPARE_ROWS, rows.length);
  const step = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    desk.bench.selection.select(
      rows[Math.min(Math.max(index + by, 0), rows.length - 1)]?.id ?? null,
    );
  };
  return (
    <div
      ref={box}
      class="object-rows"
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop;
      }}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows of a grid can be chosen, those of a table cannot
        role="grid"
        tabIndex={0}
        aria-label="Objects by sensors"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={index >= 0 ? `object-row-${chosen}` : undefined}
        onFocus={() => {
          desk.view.pane.value = "list";
        }}
        onKeyDown={step}
      >
        <Heads sensors={sensors} />
        <tbody>
          <Spacer rows={first} />
          {rows.slice(first, last).map((row, n) => (
            <ObjectLine
              key={row.id}
              row={row}
              place={first + n}
              sensors={sensors}
              chosen={row.id === chosen}
            />
          ))}
          <Spacer rows={rows.length - last} />
        </tbody>
      </table>
      {rows.length === 0 && <p class="panel-note">{empty}</p>}
    </div>
  );
}

/** Stands for the rows that are out of sight. */
function Spacer({ rows }: { readonly rows: number }) {
  if (rows <= 0) return null;
  return <tr style={{ height: `${rows * ROW_PX}px` }} />;
}

function Heads({ sensors }: { readonly sensors: readonly string[] }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">Object</th>
        <th scope="col" class="distance">
          Range
        </th>
        <th scope="col" aria-label="Findings" />
        {sensors.map((label) => (
          <th key={label} scope="col" class="dot-cell" title={label} aria-label={label}>
            {shortName(label)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface LineProps {
  readonly row: ObjectRow;
  readonly place: number;
  readonly sensors: readonly string[];
  readonly chosen: boolean;
}

const DOT_WORDS: Readonly<Record<Dot, string>> = {
  keyed: "keyframe here",
  derived: "box follows the cuboid",
  adjusted: "box adjusted",
  independent: "box of its own",
  not_visible: "marked not visible",
  seen: "seen, not linked",
  none: "out of sight",
};

function ObjectLine({ row, place, sensors, chosen }: LineProps) {
  const desk = useDesk();
  const classes = ["object-row", chosen ? "chosen" : "", row.here ? "" : "gone"];
  return (
    <tr
      id={`object-row-${row.id}`}
      class={classes.filter(Boolean).join(" ")}
      aria-rowindex={place + 2}
      aria-selected={chosen}
      onClick={() => desk.bench.selection.select(row.id)}
      onDblClick={() => frameChosen(desk)}
      onPointerEnter={() => {
        desk.bench.selection.hovered.value = row.id;
      }}
      onPointerLeave={() => {
        desk.bench.selection.hovered.value = null;
      }}
    >
      <td class="name">
        <i class="swatch" style={{ background: row.colour }} />
        <b>#{row.number}</b> {row.classLabel}
      </td>
      <td class="distance">{row.distance_m === null ? "" : `${row.distance_m.toFixed(0)} m`}</td>
      <td class="found">
        {row.worst && (
          <span class={`badge ${row.worst}`} title={`${row.findings} open`}>
            <Icon name={row.worst} />
            {row.findings}
          </span>
        )}
      </td>
      {row.dots.map((dot, n) => (
        <td key={sensors[n]} class="dot-cell" title={`${sensors[n]}: ${DOT_WORDS[dot]}`}>
          <i class={`dot ${dot}`} />
        </td>
      ))}
    </tr>
  );
}

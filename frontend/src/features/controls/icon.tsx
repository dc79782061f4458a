/** The icons, drawn on a 16 px grid. */

const PATHS = {
  select: "M3 2l9.5 6-4.6.9 2.6 4.6-1.8 1-2.6-4.6L3 13z",
  click: "M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M8 5.2A2.8 2.8 0 108 10.8 2.8 2.8 0 008 5.2",
  rectangle: "M2.5 4.5h11v7h-11zM8 8l3.5-2M9.4 5.6l2.1.4-.5 2",
  box: "M3 3h3M10 3h3v3M13 10v3h-3M6 13H3v-3M3 6V3",
  top: "M8 2.5v11M2.5 8h11M8 2.5L6 5M8 2.5L10 5",
  orbit: "M8 2.5l5 2.7v5.6L8 13.5l-5-2.7V5.2zM8 8l5-2.8M8 8L3 5.2M8 8v5.5",
  points: "M3 4h.1M7 3h.1M11 4h.1M4 8h.1M8 7h.1M12 8h.1M3.5 12h.1M7.5 12h.1M11.5 12.5h.1",
  labels: "M2.5 4h11M2.5 8h7M2.5 12h9",
  isolate: "M8 4.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7M8 1v2M8 13v2M1 8h2M13 8h2",
  error: "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3zM8 4.6v4.2M8 11.2v.1",
  warning: "M8 2l6.3 11.5H1.7zM8 6.2v3.6M8 11.6v.1",
  info: "M8 1.7a6.3 6.3 0 100 12.6A6.3 6.3 0 008 1.7M8 7.2v4M8 4.7v.1",
  lock: "M4.5 7V5a3.5 3.5 0 017 0v2M3.5 7h9v6.5h-9z",
  unlock: "M4.5 7V5a3.5 3.5 0 016.8-1.2M3.5 7h9v6.5h-9z",
  flip: "M3 6h9l-3-3M13 10H4l3 3",
  turn: "M12.5 6.5A5 5 0 103 9M12.5 2.5v4h-4",
  ground: "M2 13h12M8 2v8M5 7l3 3 3-3",
  fit: "M2.5 2.5l3.5 3.5M6 3v3H3M13.5 2.5L10 6M10 3v3h3M2.5 13.5L6 10M6 13v-3H3M13.5 13.5L10 10M10 13v-3h3",
  next: "M2.5 3.5h5v9h-5zM9 8h5M11.5 5.5L14 8l-2.5 2.5",
  key: "M8 2.5L13.5 8 8 13.5 2.5 8z",
  absent: "M8 2a6 6 0 100 12A6 6 0 008 2M3.8 3.8l8.4 8.4",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 9h5.8l.6-9",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M8 6a2 2 0 100 4 2 2 0 000-4",
  undo: "M3 7h7a3.5 3.5 0 010 7H6M3 7l3.2-3.2M3 7l3.2 3.2",
  redo: "M13 7H6a3.5 3.5 0 000 7h4M13 7L9.8 3.8M13 7l-3.2 3.2",
  search: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9M10.3 10.3l3.7 3.7",
  sun: "M8 5a3 3 0 100 6 3 3 0 000-6M8 1v1.8M8 13.2V15M1 8h1.8M13.2 8H15M3 3l1.3 1.3M11.7 11.7L13 13M13 3l-1.3 1.3M4.3 11.7L3 13",
  check: "M2.5 8.5l3.5 3.5 7.5-8",
  back: "M9.5 3L4.5 8l5 5",
  link: "M6.5 9.5l3-3M7 5l1.8-1.8a2.8 2.8 0 014 4L11 9M9 11l-1.8 1.8a2.8 2.8 0 01-4-4L5 7",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The lines, corners and centre that one takes hold of, drawn; where a hand grips is reckoned in side-grip.ts. */

import type { FaceName } from "../../math/cuboid";
import type { CornerSide, EdgeSide, Handle } from "../../tools/side-drag";
import type { SideName } from "../../tools/side-plans";
import type { Screen, Size } from "../lens";
import { headingKnob } from "./side-grip";
import { EDGE_SIDES, faceAt, type SideShape } from "./side-shape";

const CORNERS: readonly CornerSide[] = [
  ["left", "top"],
  ["right", "top"],
  ["right", "bottom"],
  ["left", "bottom"],
];

export interface HandleProps {
  readonly side: SideName;
  readonly shape: SideShape;
  readonly size: Size;
  /** The one in the hand. */
  readonly active: Handle | null;
  /** The one under the mouse. */
  readonly hovered: Handle | null;
  /** The face that arrow keys move. */
  readonly face: FaceName | null;
  readonly assumed: ReadonlySet<FaceName>;
}

type Ends = readonly [Screen, Screen];

function across(edge: EdgeSide, shape: SideShape, size: Size): Ends {
  return edge === "left" || edge === "right"
    ? [
        [shape[edge], 0],
        [shape[edge], size.height],
      ]
    : [
        [0, shape[edge]],
        [size.width, shape[edge]],
      ];
}

function along(edge: EdgeSide, { left, right, top, bottom }: SideShape): Ends {
  const upright = edge === "left" || edge === "right";
  const at = edge === "left" ? left : right;
  const level = edge === "top" ? top : bottom;
  return upright
    ? [
        [at, top],
        [at, bottom],
      ]
    : [
        [left, level],
        [right, level],
      ];
}

function line([a, b]: Ends) {
  return { x1: a[0], y1: a[1], x2: b[0], y2: b[1] };
}

function takes(handle: Handle | null, edge: EdgeSide): boolean {
  if (handle?.kind === "edge") return handle.side === edge;
  if (handle?.kind === "corner") return handle.sides.some((side) => side === edge);
  return handle?.kind === "center";
}

function EdgeLines(props: HandleProps & { readonly edge: EdgeSide }) {
  const { side, shape, size, active, hovered, face, assumed, edge } = props;
  const name = faceAt(side, edge);
  const lit = takes(active, edge) || (!active && takes(hovered, edge)) || face === name;
  const classes = [
    "edge",
    assumed.has(name) ? "assumed" : "",
    name === "front" ? "front" : "",
    lit ? "lit" : "",
  ];
  return (
    <g>
      <line class={lit ? "guide lit" : "guide"} {...line(across(edge, shape, size))} />
      <line class={classes.filter(Boolean).join(" ")} {...line(along(edge, shape))} />
    </g>
  );
}

function Knobs({ shape, hovered }: HandleProps) {
  const [x, y] = shape.center;
  return (
    <>
      {CORNERS.map(([h, v]) => {
        const lit = hovered?.kind === "corner" && hovered.sides[0] === h && hovered.sides[1] === v;
        const [left, top] = [shape[h] - 3.5, shape[v] - 3.5];
        return (
          <rect
            key={h + v}
            class={lit ? "knob lit" : "knob"}
            x={left}
            y={top}
            width={7}
            height={7}
          />
        );
      })}
      <path
        class={hovered?.kind === "center" ? "cross lit" : "cross"}
        d={`M${x - 7} ${y}H${x + 7}M${x} ${y - 7}V${y + 7}`}
      />
    </>
  );
}

function Heading({ shape, active, hovered }: HandleProps) {
  const knob = headingKnob(shape);
  if (!knob) return null;
  const lit = active?.kind === "heading" || hovered?.kind === "heading";
  return (
    <g class={lit ? "heading lit" : "heading"}>
      <line {...line([shape.center, knob])} />
      <circle cx={knob[0]} cy={knob[1]} r={5} />
    </g>
  );
}

export function SideHandles(props: HandleProps) {
  const { active, shape } = props;
  if (active?.kind === "heading") {
    return (
      <g class="handles">
        <polygon
          class="turning"
          points={shape.outline.map((point) => point.join(",")).join(" ")}
        />
        <Heading {...props} />
      </g>
    );
  }
  return (
    <g class="handles">
      {EDGE_SIDES.map((edge) => (
        <EdgeLines key={edge} {...props} edge={edge} />
      ))}
      <Heading {...props} />
      {!active && <Knobs {...props} />}
    </g>
  );
}

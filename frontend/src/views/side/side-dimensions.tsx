/** Metres at the handle, and the class's range beside it. */

import type { Standards } from "../../core/limits";
import type { Cuboid } from "../../core/types";
import { faceOf } from "../../math/cuboid";
import type { EdgeSide } from "../../tools/side-drag";
import type { SideName } from "../../tools/side-plans";
import { sizeRange } from "../../tools/size-range";
import { faceAt, type SideShape } from "./side-shape";

const NAMES = ["L", "W", "H"] as const;

export function metres(value: number): string {
  return `${value.toFixed(2)} m`;
}

interface TextProps {
  readonly side: SideName;
  readonly title: string;
  readonly cuboid: Cuboid;
  readonly axes: readonly [0 | 1 | 2, 0 | 1 | 2];
  readonly grabbed: EdgeSide | null;
  readonly shape: SideShape;
}

/** The view's name and the two dimensions that it shows; the one that changes also beside the hand. */
export function DimensionText({ side, title, cuboid, axes, grabbed, shape }: TextProps) {
  return (
    <>
      <header class="pane-title">
        {title}
        {axes.map((axis) => (
          <span class="dimension" key={axis}>
            {NAMES[axis]} <b>{metres(cuboid.size_m[axis])}</b>
          </span>
        ))}
      </header>
      {grabbed && <HandText side={side} cuboid={cuboid} edge={grabbed} shape={shape} />}
    </>
  );
}

interface HandProps {
  readonly side: SideName;
  readonly cuboid: Cuboid;
  readonly edge: EdgeSide;
  readonly shape: SideShape;
}

function HandText({ side, cuboid, edge, shape }: HandProps) {
  const { axis } = faceOf(faceAt(side, edge));
  const upright = edge === "left" || edge === "right";
  const left = upright ? shape[edge] : shape.center[0];
  const top = upright ? shape.center[1] : shape[edge];
  return (
    <output class="hand-text" style={{ left: `${left + 12}px`, top: `${top + 10}px` }}>
      {NAMES[axis]} {metres(cuboid.size_m[axis])}
    </output>
  );
}

interface TickProps {
  readonly side: SideName;
  readonly edge: EdgeSide;
  readonly shape: SideShape;
  readonly cuboid: Cuboid;
  readonly classKey: string;
  readonly standards: Standards;
  readonly scale: number;
}

/** Where the dragged edge would have to stand for the class's smallest and largest size. */
export function RangeTicks({ side, edge, shape, cuboid, classKey, standards, scale }: TickProps) {
  const { axis } = faceOf(faceAt(side, edge));
  const range = sizeRange(standards, classKey, axis);
  const outward = edge === "right" || edge === "bottom" ? 1 : -1;
  return (
    <g class="range-ticks">
      {range.map((size_m) => {
        const at = shape[edge] + (outward * (size_m - cuboid.size_m[axis])) / scale;
        return edge === "left" || edge === "right" ? (
          <path key={size_m} d={`M${at} ${shape.center[1] - 9}v18`} />
        ) : (
          <path key={size_m} d={`M${shape.center[0] - 9} ${at}h18`} />
        );
      })}
    </g>
  );
}

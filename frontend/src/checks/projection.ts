/** Does the cuboid's projection fit the box that was drawn: proj.edges, proj.iou, proj.center. */

import type { ClassLimits, Params } from "../core/limits";
import { spansOf } from "../core/limits";
import type { Cuboid, Severity } from "../core/types";
import { boxIou } from "../math/iou";
import { type BoxPx, type Draft, type DraftFix, grade } from "./draft";
import { bestChange, type CameraView } from "./solve";

const SIDES = ["left", "top", "right", "bottom"] as const;
/** A projected edge this near to the image's border is cut by it, and says nothing. */
const BORDER_PX = 1;
const DERIVE: DraftFix = { kind: "derive_box", words: "fix.derive_box", parts: {} };

/** A projected cuboid and the box that was drawn for it. */
export interface Pairing {
  /** `Projection.box_px`. */
  readonly projected_px: BoxPx;
  readonly label_px: BoxPx;
  /** Width and height. */
  readonly image_px: readonly [number, number];
  /** What the recording itself explains. */
  readonly noise_px: number;
  /** Whether drawn boxes cover only what is visible: then they need only lie inside. */
  readonly visibleOnly: boolean;
}

type Four<T> = readonly [T, T, T, T];

/** How far a drawn box is from its projection; the checks are thresholds on these. */
export interface PairResiduals {
  /** Projected minus drawn. */
  readonly edges_px: Four<number>;
  /** The same over the drawn box's side along that axis. */
  readonly edges_ratio: Four<number>;
  /** Edges that the image's border does not cut. */
  readonly compared: Four<boolean>;
  readonly iou: number;
  /** Distance of the middles. */
  readonly center_px: number;
  /** The same over the square root of the drawn box's area. */
  readonly center_ratio: number;
}

/** Width and height of the drawn box, at least a pixel. */
function sidesOf({ label_px: [left, top, right, bottom] }: Pairing): readonly [number, number] {
  return [Math.max(right - left, 1), Math.max(bottom - top, 1)];
}

export function residualsOf(pairing: Pairing): PairResiduals {
  const { projected_px: p, label_px: l, image_px } = pairing;
  const [w, h] = sidesOf(pairing);
  const edges_px: Four<number> = [p[0] - l[0], p[1] - l[1], p[2] - l[2], p[3] - l[3]];
  const low = -0.5 + BORDER_PX;
  const center_px = Math.hypot((edges_px[0] + edges_px[2]) / 2, (edges_px[1] + edges_px[3]) / 2);
  return {
    edges_px,
    edges_ratio: [edges_px[0] / w, edges_px[1] / h, edges_px[2] / w, edges_px[3] / h],
    compared: [
      p[0] > low,
      p[1] > low,
      p[2] < image_px[0] - 0.5 - BORDER_PX,
      p[3] < image_px[1] - 0.5 - BORDER_PX,
    ],
    iou: boxIou(p, l),
    center_px,
    center_ratio: center_px / Math.sqrt(w * h),
  };
}

/** The signed ratios that count: a box around the visible part may lie anywhere inside the projection. */
function countedRatios({ edges_ratio }: PairResiduals, visibleOnly: boolean): Four<number> {
  if (!visibleOnly) return edges_ratio;
  const [left, top, right, bottom] = edges_ratio;
  return [Math.max(left, 0), Math.max(top, 0), Math.min(right, 0), Math.min(bottom, 0)];
}

export interface EdgesArgs {
  readonly limits: ClassLimits;
  readonly params: Params;
  readonly was?: Severity | null;
}

/** The edge that is furthest off, over what its axis allows: the class's ratio and the noise, in quadrature. */
export function checkEdges(
  pairing: Pairing,
  { limits, params, was = null }: EdgesArgs,
): Draft | null {
  const found = residualsOf(pairing);
  const ratio = countedRatios(found, pairing.visibleOnly);
  const warnRatio = pairing.visibleOnly
    ? (params["visible_slack_ratio"] ?? 0)
    : limits.edge_warn_ratio;
  const noise = sidesOf(pairing).map((side) => pairing.noise_px / side);
  const warn = (n: number) => Math.hypot(warnRatio, noise[n % 2] ?? 0);
  const score = ratio.map((each, n) => (found.compared[n] ? Math.abs(each) / warn(n) : 0));
  const worst = score.indexOf(Math.max(...score));
  const measured = (score[worst] ?? 0) > 0 ? Math.abs(ratio[worst] ?? 0) : 0;
  const error = Math.hypot(limits.edge_error_ratio, noise[worst % 2] ?? 0);
  const graded = grade(measured, { warn: warn(worst), error }, was);
  if (!graded) return null;
  const far = score.map((each, n) => each > 1 || n === worst);
  return {
    check: "proj.edges",
    severity: graded.severity,
    measured,
    threshold: graded.threshold,
    unit: "",
    words: `proj.edges.${causeOf(far, ratio)}`,
    parts: {
      side: SIDES[worst] ?? "left",
      off_px: Math.abs(found.edges_px[worst] ?? 0),
      ratio: ratio[worst] ?? 0,
    },
    fixes: [DERIVE],
  };
}

/** What edges that are off together point to. */
function causeOf(far: readonly boolean[], ratio: Four<number>): string {
  const across = SIDES.filter((_, n) => n % 2 === 0 && far[n]);
  const down = SIDES.filter((_, n) => n % 2 === 1 && far[n]);
  if (across.length > 0 && down.length > 0) return "several";
  if (across.length === 2) return ratio[0] * ratio[2] > 0 ? "lateral" : "breadth";
  if (down.length === 2) return ratio[1] * ratio[3] > 0 ? "vertical" : "tallness";
  return down[0] ?? "side";
}

export interface ExplainedArgs {
  readonly limits: ClassLimits;
  /** Whether proj.edges says what is wrong: then this is silent. */
  readonly explained: boolean;
  readonly was?: Severity | null;
}

/** Overlap of projection and drawn box. */
export function checkIou(
  pairing: Pairing,
  { limits, explained, was = null }: ExplainedArgs,
): Draft | null {
  if (explained || pairing.visibleOnly) return null;
  const { iou } = residualsOf(pairing);
  const [w, h] = sidesOf(pairing);
  const noise = pairing.noise_px * (1 / w + 1 / h);
  const graded = grade(
    1 - iou,
    {
      warn: Math.hypot(1 - limits.iou_warn, noise),
      error: Math.hypot(1 - limits.iou_error, noise),
    },
    was,
  );
  if (!graded) return null;
  const threshold = 1 - graded.threshold;
  return {
    check: "proj.iou",
    severity: graded.severity,
    measured: iou,
    threshold,
    unit: "",
    words: "proj.iou",
    parts: { iou, threshold },
    fixes: [DERIVE],
  };
}

/** Distance of the middles. */
export function checkCenter(
  pairing: Pairing,
  { limits, explained, was = null }: ExplainedArgs,
): Draft | null {
  if (explained || pairing.visibleOnly) return null;
  const { center_ratio, center_px } = residualsOf(pairing);
  const [w, h] = sidesOf(pairing);
  const noise = pairing.noise_px / Math.sqrt(w * h);
  const graded = grade(
    center_ratio,
    {
      warn: Math.hypot(limits.center_warn_ratio, noise),
      error: Math.hypot(limits.center_error_ratio, noise),
    },
    was,
  );
  if (!graded) return null;
  return {
    check: "proj.center",
    severity: graded.severity,
    measured: center_ratio,
    threshold: graded.threshold,
    unit: "",
    words: "proj.center",
    parts: { off_px: center_px },
    fixes: [DERIVE],
  };
}

export interface ChangeArgs {
  readonly cuboid: Cuboid;
  readonly view: CameraView;
  readonly limits: ClassLimits;
  readonly params: Params;
}

/** Puts the change of the cuboid that explains most of a proj.edges finding before its other fixes. */
export function withChange(
  draft: Draft,
  pairing: Pairing,
  { cuboid, view, limits, params }: ChangeArgs,
): Draft {
  const fix = bestChange(cuboid, view, {
    label_px: pairing.label_px,
    sides: residualsOf(pairing).compared,
    spans_m: spansOf(limits),
    shareMin: params["fix_share_min"] ?? 1,
  });
  return fix ? { ...draft, fixes: [fix, ...draft.fixes] } : draft;
}

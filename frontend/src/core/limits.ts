/** What is usual for a class, and the settings of each check: the server's own defaults, and a project's changes. */

import defaults from "../../../numerics/checks/defaults.json";
import type { CheckSetting, GuidelineDocument, LabelClass, Severity, Vec3 } from "./types";

export type Span = readonly [least: number, most: number];

/** Bounds and thresholds of one class; null switches that part of a check off. */
export interface ClassLimits {
  /** `vehicle`, `trailer`, `cycle`, `person`, `static` or `other`. */
  readonly group: string;
  readonly length_m: Span;
  readonly width_m: Span;
  readonly height_m: Span;
  readonly speed_max_m_s: number | null;
  readonly accel_max_m_s2: number | null;
  readonly yaw_rate_max_rad_s: number | null;
  readonly lateral_accel_max_m_s2: number | null;
  readonly points_min: number;
  readonly shell_warn_ratio: number;
  readonly ground_warn_m: number;
  readonly ground_error_m: number;
  readonly iou_warn: number;
  readonly iou_error: number;
  readonly center_warn_ratio: number;
  readonly center_error_ratio: number;
  readonly edge_warn_ratio: number;
  readonly edge_error_ratio: number;
  readonly size_track_ratio: number | null;
}

type Raw = { readonly [field: string]: string | number | null | readonly number[] };
export type Params = { readonly [name: string]: number };
export type Overrides = LabelClass["limits"];

const CLASSES: { readonly [key: string]: Raw } = defaults.classes;
const ALIASES: { readonly [key: string]: string } = defaults.aliases;
const PARAMS: { readonly [check: string]: Params } = defaults.params;
const FALLBACK: Raw = defaults.fallback;

/** Every check there is. */
export const CHECK_IDS: readonly string[] = Object.keys(PARAMS);

/** How exact recordings are where nothing better is known. */
export const DEFAULT_NOISE: Noise = defaults.noise;

export interface Noise {
  /** Of an edge drawn by hand. */
  readonly pixel_px: number;
  readonly rotation_rad: number;
  readonly translation_m: number;
  /** Of the time between camera and cuboid that is not accounted for. */
  readonly sync_s: number;
}

function spanIn(raw: Raw, field: string): Span {
  const value = raw[field];
  const [least, most] = Array.isArray(value) ? value : [];
  if (typeof least !== "number" || typeof most !== "number") {
    throw new RangeError(`The limit '${field}' is two numbers, least and most.`);
  }
  return [least, most];
}

function numberIn(raw: Raw, field: string): number {
  const value = raw[field];
  if (typeof value !== "number") throw new RangeError(`The limit '${field}' is one number.`);
  return value;
}

function optionalIn(raw: Raw, field: string): number | null {
  return raw[field] === null ? null : numberIn(raw, field);
}

/**
 * The limits of a class: the first of the class and its ancestors that the defaults know, with the project's own
 * numbers in their place. Throws RangeError where one of these does not fit its field.
 */
export function limitsOf(classKeys: readonly string[], overrides: Overrides = {}): ClassLimits {
  const known = classKeys.map((key) => CLASSES[ALIASES[key] ?? key]).find((each) => each);
  const raw: Raw = { ...(known ?? FALLBACK), ...overrides };
  const strange = Object.keys(overrides).find(
    (field) => !(field in FALLBACK) || field === "group",
  );
  if (strange) throw new RangeError(`Class limits have no field '${strange}'.`);
  return {
    group: String(raw["group"]),
    length_m: spanIn(raw, "length_m"),
    width_m: spanIn(raw, "width_m"),
    height_m: spanIn(raw, "height_m"),
    speed_max_m_s: optionalIn(raw, "speed_max_m_s"),
    accel_max_m_s2: optionalIn(raw, "accel_max_m_s2"),
    yaw_rate_max_rad_s: optionalIn(raw, "yaw_rate_max_rad_s"),
    lateral_accel_max_m_s2: optionalIn(raw, "lateral_accel_max_m_s2"),
    points_min: numberIn(raw, "points_min"),
    shell_warn_ratio: numberIn(raw, "shell_warn_ratio"),
    ground_warn_m: numberIn(raw, "ground_warn_m"),
    ground_error_m: numberIn(raw, "ground_error_m"),
    iou_warn: numberIn(raw, "iou_warn"),
    iou_error: numberIn(raw, "iou_error"),
    center_warn_ratio: numberIn(raw, "center_warn_ratio"),
    center_error_ratio: numberIn(raw, "center_error_ratio"),
    edge_warn_ratio: numberIn(raw, "edge_warn_ratio"),
    edge_error_ratio: numberIn(raw, "edge_error_ratio"),
    size_track_ratio: optionalIn(raw, "size_track_ratio"),
  };
}

/** The settings of a check, a project's own in place of the defaults. Throws RangeError for names that are not known. */
export function paramsOf(check: string, overrides: Params = {}): Params {
  const params = PARAMS[check];
  if (!params) throw new RangeError(`The check '${check}' is not known.`);
  const strange = Object.keys(overrides).find((name) => !(name in params));
  if (strange) throw new RangeError(`The check '${check}' has no setting '${strange}'.`);
  return { ...params, ...overrides };
}

export function spansOf(limits: ClassLimits): readonly [Span, Span, Span] {
  return [limits.length_m, limits.width_m, limits.height_m];
}

/** What is usual for a class in this project. */
export interface ClassStandard {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly shapes: readonly string[];
  readonly grounded: boolean;
  readonly confusable: readonly string[];
  readonly default_size_m: Vec3;
  readonly limits: ClassLimits;
  /** Its heading follows its path. */
  readonly isVehicle: boolean;
}

export interface CheckStandard {
  readonly enabled: boolean;
  readonly blocks: readonly Severity[];
  readonly clause: string;
  readonly params: Params;
}

/** Everything that drawing and checking ask of a guideline version. */
export class Standards {
  readonly classes: ReadonlyMap<string, ClassStandard>;
  readonly checks: ReadonlyMap<string, CheckStandard>;
  /** Whether drawn boxes cover only what is visible. */
  readonly visibleOnly: boolean;
  readonly mirrorsIncluded: boolean;
  /** Beyond this distance from the ego nothing needs a label. */
  readonly farthest_m: number;
  private readonly strangers = new Map<string, ClassStandard>();

  constructor({ taxonomy, checks, policy }: GuidelineDocument) {
    this.classes = new Map(
      taxonomy.classes.map((each) => [each.key, standardOf(each, taxonomy.classes)]),
    );
    const smallest_px = numberOr(policy["smallest_box_px"], 20);
    this.checks = new Map(CHECK_IDS.map((id) => [id, checkStandard(id, checks[id], smallest_px)]));
    this.visibleOnly = policy["boxes_cover"] === "visible";
    this.mirrorsIncluded = policy["mirrors_included"] === true;
    this.farthest_m = numberOr(policy["farthest_m"], 80);
  }

  /** The class's standard; the fallback's for a class that this version does not know. */
  of(classKey: string): ClassStandard {
    const known = this.classes.get(classKey) ?? this.strangers.get(classKey);
    if (known) return known;
    const made = strangerOf(classKey);
    this.strangers.set(classKey, made);
    return made;
  }

  check(id: string): CheckStandard {
    return this.checks.get(id) ?? checkStandard(id, undefined, 20);
  }
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function lineOf(key: string, classes: readonly LabelClass[]): readonly string[] {
  const line = [key];
  for (;;) {
    const parent = classes.find((each) => each.key === line.at(-1))?.parent;
    if (!parent || line.includes(parent)) return line;
    line.push(parent);
  }
}

function standardOf(one: LabelClass, classes: readonly LabelClass[]): ClassStandard {
  const limits = limitsOf(lineOf(one.key, classes), one.limits);
  return {
    key: one.key,
    label: one.label,
    color: one.color,
    shapes: one.shapes,
    grounded: one.grounded,
    confusable: one.confusable_with,
    default_size_m: one.default_size_m,
    limits,
    isVehicle: limits.group === "vehicle",
  };
}

function strangerOf(key: string): ClassStandard {
  const limits = limitsOf([key]);
  const [length, width, height] = spansOf(limits).map(([low, high]) => (low + high) / 2);
  return {
    key,
    label: key,
    color: "#9a9a9a",
    shapes: ["cuboid", "box"],
    grounded: false,
    confusable: [],
    default_size_m: [length ?? 1, width ?? 1, height ?? 1],
    limits,
    isVehicle: limits.group === "vehicle",
  };
}

function checkStandard(
  id: string,
  setting: CheckSetting | undefined,
  smallest_px: number,
): CheckStandard {
  const own = setting?.params ?? {};
  const sized = id === "link.missing" ? { side_min_px: smallest_px, ...own } : own;
  return {
    enabled: setting?.enabled ?? true,
    blocks: setting?.blocks ?? [],
    clause: setting?.clause ?? "",
    params: paramsOf(id, sized),
  };
}

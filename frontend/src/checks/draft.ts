/** What a check answers: how bad, which number against which, in which words, and what would mend it. */

import words from "../../../numerics/checks/words.json";
import type { Noise } from "../core/limits";
import type { Box, Cuboid, Severity, Vec3 } from "../core/types";

export type Part = number | string;
export type Parts = { readonly [name: string]: Part };
export type BoxPx = Box["box_px"];

/** A change that would mend it. */
export type DraftFix = { readonly words: string; readonly parts: Parts } & (
  | { readonly kind: "set_cuboid"; readonly cuboid: Cuboid }
  | { readonly kind: "derive_box" }
  | { readonly kind: "add_box"; readonly box_px: BoxPx }
  /** A point in the camera's frame to grow a cuboid from. */
  | { readonly kind: "add_cuboid"; readonly seed_m: Vec3 }
  /** Part `class_key`. */
  | { readonly kind: "set_class" }
  /** Part `other`. */
  | { readonly kind: "merge" }
);

/** A finding before it is stored. */
export interface Draft {
  readonly check: string;
  readonly severity: Severity;
  readonly measured: number;
  readonly threshold: number;
  /** Of both numbers; empty for a ratio. */
  readonly unit: string;
  /** Key in numerics/checks/words.json. */
  readonly words: string;
  readonly parts: Parts;
  /** Best first. */
  readonly fixes: readonly DraftFix[];
}

/** A finding that is open stays open down to this share of its threshold. */
export const CLEARS_AT = 0.85;

const TEMPLATES: { readonly [words: string]: string } = words;
const PLACE = /\{(\w+)(?:\|(\d))?\}/g;

export interface Thresholds {
  /** Above it is a warning; null: never. */
  readonly warn: number | null;
  /** Above it is an error; null: never. */
  readonly error: number | null;
}

export interface Grade {
  readonly severity: Severity;
  readonly threshold: number;
}

/** Grades a number that is bad when it is large; an open finding is kept down to `CLEARS_AT` of its threshold. */
export function grade(
  measured: number,
  { warn, error }: Thresholds,
  was: Severity | null,
): Grade | null {
  const above = (threshold: number | null, kept: boolean): threshold is number =>
    threshold !== null && measured > threshold * (kept ? CLEARS_AT : 1);
  if (above(error, was === "error")) return { severity: "error", threshold: error };
  if (above(warn, was !== null)) return { severity: "warning", threshold: warn };
  return null;
}

export interface NoiseAt {
  readonly focal_px: number;
  readonly depth_m: number;
  /** Of the object, across the viewing direction. */
  readonly across_m_s: number;
}

/** Distance in the image that the recording itself explains, its parts in quadrature. */
export function noisePx(noise: Noise, { focal_px, depth_m, across_m_s }: NoiseAt): number {
  const depth = Math.max(depth_m, 1);
  return Math.hypot(
    noise.pixel_px,
    focal_px * noise.rotation_rad,
    (focal_px * noise.translation_m) / depth,
    (focal_px * across_m_s * noise.sync_s) / depth,
  );
}

/** A number with digits as the server writes it: an exact half goes to the even neighbour. */
export function fixed(value: number, digits: number): string {
  const scaled = value * 10 ** digits;
  // Only numbers with at most one binary place more than digits can lie exactly between two.
  const isHalf = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs(scaled % 1) === 0.5;
  if (!isHalf) return value.toFixed(digits);
  const low = Math.floor(scaled);
  return ((low % 2 === 0 ? low : low + 1) / 10 ** digits).toFixed(digits);
}

/** Fills a template: `{name}` takes a word, `{name|2}` a number with two digits. Throws RangeError for what is not known. */
export function sentence(key: string, parts: Parts): string {
  const template = TEMPLATES[key];
  if (template === undefined) throw new RangeError(`there are no words for ${key}`);
  return template.replace(PLACE, (_match, name: string, digits: string | undefined) => {
    const value = parts[name];
    if (value === undefined) throw new RangeError(`the words of ${key} need ${name}`);
    return digits === undefined ? String(value) : fixed(Number(value), Number(digits));
  });
}

/** The sentence as one: with a capital and a full stop. */
export function messageOf({ words: key, parts }: Draft): string {
  const said = sentence(key, parts);
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

/** Colours that the canvases need; the page's own are in styles/theme.css. */

import { type Rgb, rgbOf } from "../render/palettes";
import type { Tints } from "../render/point-material";
import type { ThemeName, ViewPreferences } from "./view-state";

export interface CanvasTheme {
  readonly ground: string;
  readonly ink: string;
  readonly plate: string;
  readonly accent: string;
  readonly ring: Rgb;
  readonly flat: Rgb;
  readonly single: Rgb;
  readonly inside: Rgb;
}

export const CANVAS_THEMES: Readonly<Record<ThemeName, CanvasTheme>> = {
  dark: {
    ground: "#0b0e12",
    ink: "#e8edf2",
    plate: "rgba(11, 14, 18, 0.78)",
    accent: "#ffb454",
    ring: rgbOf("#2b333d"),
    flat: rgbOf("#4a535e"),
    single: rgbOf("#b9c4cf"),
    inside: rgbOf("#ffffff"),
  },
  light: {
    ground: "#f4f6f8",
    ink: "#14181d",
    plate: "rgba(255, 255, 255, 0.82)",
    accent: "#b45309",
    ring: rgbOf("#d3d9e0"),
    flat: rgbOf("#b4bcc6"),
    single: rgbOf("#3b4653"),
    inside: rgbOf("#c2410c"),
  },
};

export function tintsOf({ theme, palette }: ViewPreferences): Tints {
  const { flat, single, inside } = CANVAS_THEMES[theme];
  return { palette, lightGround: theme === "light", flat, single, inside };
}

/** A class colour that can be read on the theme's ground: darkened on a light one. */
export function readable(colour: string, theme: ThemeName): Rgb {
  const rgb = rgbOf(colour);
  if (theme === "dark") return rgb;
  return [rgb[0] * 0.72, rgb[1] * 0.72, rgb[2] * 0.72];
}

export function cssOf([r, g, b]: Rgb, alpha = 1): string {
  const part = (share: number) => Math.round(share * 255);
  return `rgba(${part(r)}, ${part(g)}, ${part(b)}, ${alpha})`;
}

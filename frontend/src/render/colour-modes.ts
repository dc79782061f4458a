/** What a point's colour tells. */

export type ColourMode = "height" | "intensity" | "range" | "single";
export const COLOUR_MODES: readonly ColourMode[] = ["height", "intensity", "range", "single"];

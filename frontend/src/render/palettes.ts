/** Perceptually even palettes, safe for colour-blind eyes, as 256 RGBA texels. */

/** Stops of the published viridis (CC0) and cividis (Nuñez, Anderton & Renslow 2018) maps. */
const STOPS = {
  viridis: [
    "440154",
    "482878",
    "3e4a89",
    "31688e",
    "26828e",
    "1f9e89",
    "35b779",
    "6ece58",
    "b5de2b",
    "fde725",
  ],
  cividis: [
    "00204d",
    "00336f",
    "39486b",
    "575c6d",
    "707173",
    "8a8779",
    "a69d75",
    "c4b56c",
    "e4cf5b",
    "ffea46",
  ],
} as const;

export type PaletteName = keyof typeof STOPS;
export const PALETTES = Object.keys(STOPS) as readonly PaletteName[];

const TEXELS = 256;
/** Share of the map that is left out at the end that would vanish against the background. */
const LEFT_OUT = 0.22;

export type Rgb = readonly [number, number, number];

/** "#rrggbb" or "rrggbb" as three shares of one. */
export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.replace("#", ""), 16);
  if (!Number.isFinite(value)) return [0.6, 0.6, 0.6];
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** The colour at a share 0..1 of a palette. */
export function sample(name: PaletteName, share: number): Rgb {
  const stops = STOPS[name];
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  const [a, b] = [rgbOf(stops[low] ?? "808080"), rgbOf(stops[low + 1] ?? "808080")];
  const f = at - low;
  return [a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, a[2] + (b[2] - a[2]) * f];
}

/** Texels from low to high; on a light ground the bright end is left out and the map runs to dark. */
export function paletteTexels(name: PaletteName, lightGround: boolean): Uint8Array {
  const texels = new Uint8Array(TEXELS * 4);
  for (let n = 0; n < TEXELS; n++) {
    const t = n / (TEXELS - 1);
    const share = lightGround ? (1 - LEFT_OUT) * (1 - t) : LEFT_OUT + (1 - LEFT_OUT) * t;
    const [r, g, b] = sample(name, share);
    texels.set([Math.round(r * 255), Math.round(g * 255), Math.round(b * 255), 255], n * 4);
  }
  return texels;
}

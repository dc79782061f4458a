/** The shader of points: integer planes as they came, everything that changes often a uniform. */

import {
  DataTexture,
  FloatType,
  GLSL3,
  LinearFilter,
  Matrix4,
  NearestFilter,
  RedFormat,
  ShaderMaterial,
  Vector2,
  Vector3,
  Vector4,
} from "three";
import type { GroundRaster } from "../math/ground";
import { UNKNOWN_MM } from "../math/ground";
import { COLOUR_MODES, type ColourMode } from "./colour-modes";
import { type PaletteName, paletteTexels, type Rgb } from "./palettes";

const VERTEX = /* glsl */ `
in float px; in float py; in float pz; in float intensity;
uniform vec3 uScale; uniform vec3 uOrigin;
uniform float uSize; uniform int uMode; uniform vec2 uRange;
uniform sampler2D uPalette; uniform sampler2D uGround;
uniform vec4 uGroundPlace; uniform vec2 uGroundCells; uniform float uHasGround;
uniform vec3 uSingle; uniform vec3 uFlat;
uniform mat4 uBoxFromEgo; uniform float uHasBox; uniform vec3 uInside;
uniform mat4 uSlabFromEgo; uniform float uHasSlab;
out vec3 vColour;
vec3 ramp(float share) { return texture(uPalette, vec2(clamp(share, 0.002, 0.998), 0.5)).rgb; }
float groundAt(vec2 place) {
  vec2 cell = (place - uGroundPlace.xy) / (uGroundPlace.z * uGroundCells);
  if (uHasGround < 0.5 || any(lessThan(cell, vec2(0.0))) || any(greaterThan(cell, vec2(1.0)))) return uGroundPlace.w;
  float height = texture(uGround, cell).r;
  return height < -900.0 ? uGroundPlace.w : height;
}
void main() {
  vec4 ego = modelMatrix * vec4(vec3(px, py, pz) * uScale + uOrigin, 1.0);
  gl_Position = projectionMatrix * viewMatrix * ego;
  gl_PointSize = uSize;
  if (uMode == 0) {
    float height = ego.z - groundAt(ego.xy);
    vColour = mix(uFlat, ramp((height - uRange.x) / (uRange.y - uRange.x)), smoothstep(0.08, 0.22, abs(height)));
  } else if (uMode == 1) {
    vColour = ramp(intensity / 255.0);
  } else if (uMode == 2) {
    vColour = ramp((length(ego.xy) - uRange.x) / (uRange.y - uRange.x));
  } else {
    vColour = uSingle;
  }
  if (uHasBox > 0.5) {
    vec3 inBox = abs((uBoxFromEgo * ego).xyz);
    if (max(inBox.x, max(inBox.y, inBox.z)) <= 1.0) {
      vColour = mix(vColour, uInside, 0.75);
      gl_PointSize += 1.0;
    }
  }
  if (uHasSlab > 0.5) {
    vec3 inSlab = abs((uSlabFromEgo * ego).xyz);
    if (max(inSlab.x, max(inSlab.y, inSlab.z)) > 1.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  }
}`;

const FRAGMENT = /* glsl */ `
precision mediump float;
in vec3 vColour; out vec4 colour;
void main() { colour = vec4(vColour, 1.0); }`;

export interface Tints {
  readonly palette: PaletteName;
  readonly lightGround: boolean;
  readonly flat: Rgb;
  readonly single: Rgb;
  readonly inside: Rgb;
}

/** Metres above ground, or of range, that the palette spans. */
const SPANS: Readonly<Record<ColourMode, readonly [number, number]>> = {
  height: [-0.3, 3.2],
  intensity: [0, 1],
  range: [0, 70],
  single: [0, 1],
};

export class PointMaterial extends ShaderMaterial {
  constructor() {
    super({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: {
        uScale: { value: new Vector3(1, 1, 1) },
        uOrigin: { value: new Vector3() },
        uSize: { value: 2 },
        uMode: { value: 0 },
        uRange: { value: new Vector2(...SPANS.height) },
        uPalette: { value: null },
        uGround: { value: null },
        uGroundPlace: { value: new Vector4(0, 0, 1, 0) },
        uGroundCells: { value: new Vector2(1, 1) },
        uHasGround: { value: 0 },
        uSingle: { value: new Vector3(1, 1, 1) },
        uFlat: { value: new Vector3(0.4, 0.4, 0.4) },
        uInside: { value: new Vector3(1, 1, 1) },
        uBoxFromEgo: { value: new Matrix4() },
        uHasBox: { value: 0 },
        uSlabFromEgo: { value: new Matrix4() },
        uHasSlab: { value: 0 },
      },
    });
  }

  private put(name: string, value: unknown): void {
    const uniform = this.uniforms[name];
    if (uniform) uniform.value = value;
    this.uniformsNeedUpdate = true;
  }

  setMode(mode: ColourMode): void {
    this.put("uMode", COLOUR_MODES.indexOf(mode));
    this.put("uRange", new Vector2(...SPANS[mode]));
  }

  setSize(size_px: number): void {
    this.put("uSize", size_px);
  }

  setPlace(scale_m: readonly number[], origin_m: readonly number[]): void {
    this.put("uScale", new Vector3(...scale_m));
    this.put("uOrigin", new Vector3(...origin_m));
  }

  setTints(tints: Tints): void {
    const old = this.uniforms["uPalette"]?.value;
    if (old instanceof DataTexture) old.dispose();
    const texture = new DataTexture(paletteTexels(tints.palette, tints.lightGround), 256, 1);
    texture.minFilter = LinearFilter;
    texture.magFilter = LinearFilter;
    texture.needsUpdate = true;
    this.put("uPalette", texture);
    this.put("uFlat", new Vector3(...tints.flat));
    this.put("uSingle", new Vector3(...tints.single));
    this.put("uInside", new Vector3(...tints.inside));
  }

  /** Heights are told from this raster; without one, from a level plane. */
  setGround(ground: GroundRaster | null, level_m: number): void {
    const old = this.uniforms["uGround"]?.value;
    if (old instanceof DataTexture) old.dispose();
    this.put("uHasGround", ground ? 1 : 0);
    if (!ground) {
      this.put("uGround", null);
      this.put("uGroundPlace", new Vector4(0, 0, 1, level_m));
      return;
    }
    const texture = new DataTexture(heightsOf(ground), ground.nx, ground.ny, RedFormat, FloatType);
    texture.minFilter = NearestFilter;
    texture.magFilter = NearestFilter;
    texture.needsUpdate = true;
    this.put("uGround", texture);
    this.put("uGroundCells", new Vector2(ground.nx, ground.ny));
    const { origin_x_m, origin_y_m, cell_m } = ground;
    this.put("uGroundPlace", new Vector4(origin_x_m, origin_y_m, cell_m, level_m));
  }

  /** Points inside are lifted out: `box_from_ego` maps the box to -1..1. */
  setBox(box_from_ego: Matrix4 | null): void {
    this.put("uHasBox", box_from_ego ? 1 : 0);
    if (box_from_ego) this.put("uBoxFromEgo", box_from_ego);
  }

  /** Points outside are not drawn: `slab_from_ego` maps the slab to -1..1. */
  setSlab(slab_from_ego: Matrix4 | null): void {
    this.put("uHasSlab", slab_from_ego ? 1 : 0);
    if (slab_from_ego) this.put("uSlabFromEgo", slab_from_ego);
  }
}

const UNKNOWN_M = -1000;

function heightsOf(ground: GroundRaster): Float32Array<ArrayBuffer> {
  const heights = new Float32Array(ground.nx * ground.ny);
  for (let n = 0; n < heights.length; n++) {
    const mm = ground.height_mm[n] ?? UNKNOWN_MM;
    heights[n] = mm === UNKNOWN_MM ? UNKNOWN_M : mm / 1000;
  }
  return heights;
}

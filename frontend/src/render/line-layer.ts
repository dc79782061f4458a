/** Lines of any width, dashed or not, as one instanced draw: outlines of cuboids, rings, rays. */

import {
  BufferAttribute,
  DynamicDrawUsage,
  GLSL3,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  Matrix4,
  Mesh,
  ShaderMaterial,
  Vector2,
} from "three";
import type { Vec3 } from "../core/types";
import type { Rgb } from "./palettes";

export interface Line {
  readonly from_m: Vec3;
  readonly to_m: Vec3;
  readonly colour: Rgb;
  readonly alpha: number;
  readonly width_px: number;
  /** Length of a dash; 0 is solid. */
  readonly dash_px: number;
}

export interface LineView {
  readonly width_px: number;
  readonly height_px: number;
  readonly slab_from_ego: Matrix4 | null;
  readonly fade: number;
}

const VERTEX = /* glsl */ `
in vec3 lineFrom; in vec3 lineTo; in vec4 lineColour; in vec2 lineStyle;
uniform vec2 uViewport;
uniform mat4 uSlabFromEgo;
out vec3 vSlab;
out vec4 vColour; out float vAcross; out float vHalf; out float vAlongW; out float vW; out float vDash;
void main() {
  mat4 clip = projectionMatrix * viewMatrix;
  vec4 a = clip * vec4(lineFrom, 1.0);
  vec4 b = clip * vec4(lineTo, 1.0);
  float nearA = a.z + a.w; float nearB = b.z + b.w;
  if (nearA < 0.0 && nearB < 0.0) { gl_Position = vec4(2.0, 2.0, 2.0, 1.0); return; }
  if (nearA < 0.0) a = mix(a, b, nearA / (nearA - nearB));
  else if (nearB < 0.0) b = mix(b, a, nearB / (nearB - nearA));
  vec2 screenA = a.xy / a.w * uViewport * 0.5;
  vec2 screenB = b.xy / b.w * uViewport * 0.5;
  vec2 way = screenB - screenA;
  float size = max(length(way), 1e-4);
  vec2 along = way / size;
  vec2 across = vec2(-along.y, along.x);
  vHalf = lineStyle.x * 0.5;
  float reach = vHalf + 1.0;
  vec4 end = position.x < 0.5 ? a : b;
  vSlab = (uSlabFromEgo * vec4(position.x < 0.5 ? lineFrom : lineTo, 1.0)).xyz;
  vec2 shift = across * position.y * reach + along * (position.x - 0.5) * vHalf;
  end.xy += shift / (uViewport * 0.5) * end.w;
  gl_Position = end;
  vColour = lineColour; vAcross = position.y * reach; vDash = lineStyle.y;
  vAlongW = position.x * size * end.w; vW = end.w;
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
uniform float uHasSlab; uniform float uFade;
in vec3 vSlab;
in vec4 vColour; in float vAcross; in float vHalf; in float vAlongW; in float vW; in float vDash;
out vec4 colour;
void main() {
  float cover = 1.0 - smoothstep(vHalf - 0.5, vHalf + 0.5, abs(vAcross));
  if (uHasSlab > 0.5 && max(abs(vSlab.x), max(abs(vSlab.y), abs(vSlab.z))) > 1.0) discard;
  if (vDash > 0.0 && mod(vAlongW / vW, vDash * 2.0) > vDash) cover = 0.0;
  if (cover <= 0.0) discard;
  colour = vec4(vColour.rgb, vColour.a * cover * uFade);
}`;

const FLOATS = 12;

function material(): ShaderMaterial {
  return new ShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: {
      uViewport: { value: new Vector2(1, 1) },
      uSlabFromEgo: { value: new Matrix4() },
      uHasSlab: { value: 0 },
      uFade: { value: 1 },
    },
    transparent: true,
    depthTest: false,
    depthWrite: false,
  });
}

export class LineLayer {
  private readonly geometry = new InstancedBufferGeometry();
  readonly material = material();
  readonly node = new Mesh(this.geometry, this.material);
  private capacity = 0;
  private count = 0;
  private buffer: InstancedInterleavedBuffer | null = null;

  constructor(order: number) {
    const quad = new Float32Array([0, -1, 0, 1, -1, 0, 1, 1, 0, 0, 1, 0]);
    this.geometry.setAttribute("position", new BufferAttribute(quad, 3));
    this.geometry.setIndex([0, 1, 2, 0, 2, 3]);
    this.geometry.instanceCount = 0;
    this.node.frustumCulled = false;
    this.node.renderOrder = order;
    this.node.visible = false;
  }

  set(lines: readonly Line[]): void {
    const buffer = this.reserve(lines.length);
    const floats = buffer.array;
    lines.forEach((line, n) => {
      const { from_m: a, to_m: b, colour: c } = line;
      const row = [...a, ...b, ...c, line.alpha, line.width_px, line.dash_px];
      for (let k = 0; k < FLOATS; k++) floats[n * FLOATS + k] = row[k] ?? 0;
    });
    buffer.clearUpdateRanges();
    buffer.addUpdateRange(0, lines.length * FLOATS);
    buffer.needsUpdate = true;
    this.geometry.instanceCount = lines.length;
    this.count = lines.length;
  }

  /** How the next draw sees it: pixels of the view, the slab beyond which nothing shows, how strong. */
  setView({ width_px, height_px, slab_from_ego, fade }: LineView): void {
    const { uViewport, uSlabFromEgo, uHasSlab, uFade } = this.material.uniforms;
    uViewport?.value.set(width_px, height_px);
    if (slab_from_ego) uSlabFromEgo?.value.copy(slab_from_ego);
    if (uHasSlab) uHasSlab.value = slab_from_ego ? 1 : 0;
    if (uFade) uFade.value = fade;
    this.material.uniformsNeedUpdate = true;
  }

  private reserve(count: number): InstancedInterleavedBuffer {
    if (this.buffer && count <= this.capacity) return this.buffer;
    this.geometry.dispose();
    this.capacity = Math.max(64, 2 ** Math.ceil(Math.log2(Math.max(count, 1))));
    const buffer = new InstancedInterleavedBuffer(
      new Float32Array(this.capacity * FLOATS),
      FLOATS,
    );
    buffer.setUsage(DynamicDrawUsage);
    const part = (size: number, at: number) => new InterleavedBufferAttribute(buffer, size, at);
    this.geometry.setAttribute("lineFrom", part(3, 0));
    this.geometry.setAttribute("lineTo", part(3, 3));
    this.geometry.setAttribute("lineColour", part(4, 6));
    this.geometry.setAttribute("lineStyle", part(2, 10));
    this.buffer = buffer;
    return buffer;
  }

  /** Whether the next draw has it. */
  show(wanted: boolean): void {
    this.node.visible = wanted && this.count > 0;
  }

  dispose(): void {
    this.geometry.dispose();
    this.material.dispose();
  }
}

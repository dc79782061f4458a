/** Unit quaternions in the order x, y, z, w, as SciPy and OpenLABEL have them. */

import type { Quat, Vec3 } from "../core/types";

export const IDENTITY: Quat = [0, 0, 0, 1];

/** Below this sine two rotations are mixed straight: slerp would divide by almost nothing. */
const SMALLEST_SINE = 1e-8;

/** A 3x3 rotation, row by row. */
export type Mat3 = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

export function fromYaw(yaw_rad: number): Quat {
  return [0, 0, Math.sin(yaw_rad / 2), Math.cos(yaw_rad / 2)];
}

/** The heading of the body's x axis, seen from above. */
export function yawOf(q: Quat): number {
  const [x, y, z, w] = q;
  return Math.atan2(2 * (x * y + z * w), 1 - 2 * (y * y + z * z));
}

export function normalized(q: Quat): Quat {
  const length = Math.hypot(q[0], q[1], q[2], q[3]);
  if (!(length > 0)) throw new RangeError("a quaternion needs a length above zero");
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
}

export function conjugate(q: Quat): Quat {
  return [-q[0], -q[1], -q[2], q[3]];
}

/** The rotation that turns by b first, then by a. */
export function multiply(a: Quat, b: Quat): Quat {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

export function toMatrix(q: Quat): Mat3 {
  const [x, y, z, w] = q;
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

/** Unit, with w at least 0. Shepperd's method: divided by the largest of the four. */
export function fromMatrix(m: Mat3): Quat {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = m;
  const trace = m00 + m11 + m22;
  const largest = Math.max(m00, m11, m22, trace);
  if (largest === m00) {
    return upper([1 - trace + 2 * m00, m10 + m01, m20 + m02, m21 - m12]);
  }
  if (largest === m11) {
    return upper([m10 + m01, 1 - trace + 2 * m11, m21 + m12, m02 - m20]);
  }
  if (largest === m22) {
    return upper([m20 + m02, m21 + m12, 1 - trace + 2 * m22, m10 - m01]);
  }
  return upper([m21 - m12, m02 - m20, m10 - m01, 1 + trace]);
}

/** Of the two unit quaternions of one rotation the one with w at least 0. */
export function upper(q: Quat): Quat {
  const [x, y, z, w] = normalized(q);
  return w >= 0 ? [x, y, z, w] : [-x, -y, -z, -w];
}

export function rotate(q: Quat, v: Vec3): Vec3 {
  const [x, y, z, w] = q;
  const tx = 2 * (y * v[2] - z * v[1]);
  const ty = 2 * (z * v[0] - x * v[2]);
  const tz = 2 * (x * v[1] - y * v[0]);
  return [
    v[0] + w * tx + y * tz - z * ty,
    v[1] + w * ty + z * tx - x * tz,
    v[2] + w * tz + x * ty - y * tx,
  ];
}

/** The rotation at a share of the way along the shorter arc; beyond 0 and 1 it goes on at the same rate. */
export function slerp(a: Quat, b: Quat, share: number): Quat {
  const cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = cosine < 0 ? -1 : 1;
  const [bx, by, bz, bw] = [sign * b[0], sign * b[1], sign * b[2], sign * b[3]];
  // atan2 keeps its digits for tiny angles, where acos has lost half of them.
  const angle =
    2 *
    Math.atan2(
      Math.hypot(bx - a[0], by - a[1], bz - a[2], bw - a[3]),
      Math.hypot(bx + a[0], by + a[1], bz + a[2], bw + a[3]),
    );
  const sine = Math.sin(angle);
  const near = !(sine > SMALLEST_SINE);
  const from = near ? 1 - share : Math.sin((1 - share) * angle) / sine;
  const to = near ? share : Math.sin(share * angle) / sine;
  return normalized([
    a[0] * from + bx * to,
    a[1] * from + by * to,
    a[2] * from + bz * to,
    a[3] * from + bw * to,
  ]);
}

/** How far apart two rotations are, in radians, 0 to pi. */
export function angleBetween(a: Quat, b: Quat): number {
  const [x, y, z, w] = multiply(conjugate(a), b);
  return 2 * Math.atan2(Math.hypot(x, y, z), Math.abs(w));
}

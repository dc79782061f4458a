/** Convex polygons in the plane. */

export type Point2 = readonly [number, number];

/** Area by the shoelace formula, positive when counter-clockwise; taken about the first corner to keep precision far out. */
export function signedArea(polygon: readonly Point2[]): number {
  const origin = polygon[0];
  if (!origin) return 0;
  let twice = 0;
  let [px, py] = [0, 0];
  for (const [x, y] of polygon) {
    const [qx, qy] = [x - origin[0], y - origin[1]];
    twice += px * qy - qx * py;
    [px, py] = [qx, qy];
  }
  return twice / 2;
}

/** What is left of a polygon on the left of the line from a to b. */
function keptLeft(polygon: readonly Point2[], a: Point2, b: Point2): Point2[] {
  const side = ([x, y]: Point2) => (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
  const kept: Point2[] = [];
  polygon.forEach((here, index) => {
    const before = polygon[(index + polygon.length - 1) % polygon.length] ?? here;
    const [sideBefore, sideHere] = [side(before), side(here)];
    if (sideBefore < 0 !== sideHere < 0) {
      const share = sideBefore / (sideBefore - sideHere);
      kept.push([
        before[0] + (here[0] - before[0]) * share,
        before[1] + (here[1] - before[1]) * share,
      ]);
    }
    if (sideHere >= 0) kept.push(here);
  });
  return kept;
}

/** The common part of a polygon and a convex counter-clockwise one (Sutherland and Hodgman, 1974). */
export function clipped(polygon: readonly Point2[], convex: readonly Point2[]): readonly Point2[] {
  let kept: readonly Point2[] = polygon;
  convex.forEach((corner, index) => {
    const next = convex[(index + 1) % convex.length] ?? corner;
    kept = keptLeft(kept, corner, next);
  });
  return kept;
}

/** Convex hull, counter-clockwise (Andrew's monotone chain). */
export function hull(points: readonly Point2[]): readonly Point2[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted;
  const lower = chain(sorted);
  const upper = chain(sorted.reverse());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function chain(sorted: readonly Point2[]): Point2[] {
  const out: Point2[] = [];
  for (const point of sorted) {
    while (out.length >= 2 && turnOf(out.at(-2), out.at(-1), point) <= 0) out.pop();
    out.push(point);
  }
  return out;
}

function turnOf(a: Point2 | undefined, b: Point2 | undefined, c: Point2): number {
  if (!a || !b) return 1;
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

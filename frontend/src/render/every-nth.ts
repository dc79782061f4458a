/** Thinning a cloud by its order: neighbours in the sweep are neighbours in space. */

/** Evenly spread indices, at most `budget`. */
export function everyNth(count: number, budget: number): Uint32Array<ArrayBuffer> {
  const kept = Math.min(count, budget);
  const indices = new Uint32Array(kept);
  for (let n = 0; n < kept; n++) indices[n] = Math.floor((n * count) / kept);
  return indices;
}

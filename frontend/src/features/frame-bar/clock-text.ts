/** Times as people read them. */

/** "00:03.20" of nanoseconds since the scene's start. */
export function clockText(at_ns: number): string {
  const seconds = at_ns / 1e9;
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds - minutes * 60).toFixed(2).padStart(5, "0");
  return `${String(minutes).padStart(2, "0")}:${rest}`;
}

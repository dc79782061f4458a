/** Times as people read them. */

/** "00:03.20" of nanoseconds since the scene's start; sensors may look a little before it. */
export function clockText(at_ns: number): string {
  const hundredths = Math.round(Math.abs(at_ns) / 1e7);
  const minutes = Math.floor(hundredths / 6000);
  const seconds = ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
  const sign = at_ns < 0 && hundredths > 0 ? "−" : "";
  return `${sign}${String(minutes).padStart(2, "0")}:${seconds}`;
}

/** Sizes, speeds and waiting times, in words. */

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;
const MINUTE_S = 60;
const HOUR_S = 3600;

/** A number of bytes. */
export function sizeWords(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${UNITS[unit]}`;
}

/** How long it will still take; nothing while that cannot be told. */
export function remainingWords(leftBytes: number, bytesPerS: number): string {
  if (bytesPerS <= 0 || leftBytes <= 0) return "";
  const seconds = leftBytes / bytesPerS;
  if (seconds < 5) return "a few seconds left";
  if (seconds < MINUTE_S) return `${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < HOUR_S) return `${Math.ceil(seconds / MINUTE_S)} min left`;
  return `${(seconds / HOUR_S).toFixed(1)} h left`;
}

/** One file, or so many files. */
export function filesWords(number: number): string {
  return number === 1 ? "1 file" : `${number.toLocaleString("en")} files`;
}

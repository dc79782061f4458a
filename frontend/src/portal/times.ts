/** Keeps "5 min ago" true while the page stays open. */

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
const NEAR_D = 45;

/** Say how long ago a moment was; the same words as the server's. */
export function agoWords(at: Date, now: Date): string | null {
  const seconds = (now.getTime() - at.getTime()) / 1000;
  const span = Math.abs(seconds);
  if (span < MINUTE_S) return seconds >= 0 ? "just now" : "in a moment";
  if (span >= NEAR_D * DAY_S) return null;
  const [size, word] =
    span < HOUR_S ? [MINUTE_S, "min"] : span < DAY_S ? [HOUR_S, "h"] : [DAY_S, "d"];
  const number = Math.floor(span / Number(size));
  return seconds >= 0 ? `${number} ${word} ago` : `in ${number} ${word}`;
}

function refresh(): void {
  const now = new Date();
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-ago]")) {
    const words = agoWords(new Date(time.dateTime), now);
    if (words !== null && time.textContent !== words) time.textContent = words;
  }
}

/** Refresh the times of the page twice a minute, while somebody looks. */
export function keepTimes(): void {
  setInterval(() => {
    if (!document.hidden) refresh();
  }, 30_000);
}

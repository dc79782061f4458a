/** Finding commands by letters. */

import type { Command } from "../../core/commands";

/** Whether all words occur; starts of words count more. Higher is better, null does not fit. */
export function score(text: string, words: readonly string[]): number | null {
  const lower = text.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at < 0) return null;
    const startsWord = at === 0 || lower.charAt(at - 1) === " ";
    sum += (startsWord ? 10 : 1) - at / 100;
  }
  return sum;
}

export function found(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = commands.flatMap((command) => {
    const points = score(`${command.label} ${command.group}`, words);
    return points === null ? [] : [{ command, points }];
  });
  return scored.sort((a, b) => b.points - a.points).map(({ command }) => command);
}

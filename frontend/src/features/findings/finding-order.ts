/** The order in which findings are worked through. */

import type { Finding, Severity } from "../../core/types";

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Open ones, blocking and grave first, then by time. Waived ones follow. */
export function orderedFindings(findings: readonly Finding[]): readonly Finding[] {
  const live = findings.filter((finding) => finding.state !== "closed");
  return [...live].sort(
    (a, b) =>
      Number(a.state === "waived") - Number(b.state === "waived") ||
      Number(b.blocking) - Number(a.blocking) ||
      RANK[a.severity] - RANK[b.severity] ||
      (a.at_ns ?? 0) - (b.at_ns ?? 0),
  );
}

/** The open finding after a given one, round and round; null when there is none. */
export function nextFinding(
  findings: readonly Finding[],
  after: Finding["id"] | null,
  step: 1 | -1,
): Finding | null {
  const open = orderedFindings(findings).filter((finding) => finding.state === "open");
  if (open.length === 0) return null;
  const index = open.findIndex((finding) => finding.id === after);
  if (index < 0) return (step > 0 ? open[0] : open.at(-1)) ?? null;
  return open[(index + step + open.length) % open.length] ?? null;
}

const UNITS: Readonly<Record<string, string>> = { px2: "px²", m2: "m²", m3: "m³", "m/s2": "m/s²" };

/** A measured value against its limit: "0.21 of 0.15 m". */
export function measureText({ measured, threshold, unit }: Finding): string {
  if (measured === null) return "";
  const round = (value: number) => Number(value.toPrecision(3)).toString();
  const limit = threshold === null ? "" : `, limit ${round(threshold)}`;
  const shown = UNITS[unit] ?? unit;
  return `${round(measured)}${limit}${shown ? ` ${shown}` : ""}`;
}

/** The query bar's little language: "car", "#17", "class:car", "pts<10", "dist<30", "sev>=warn", "is:unconfirmed". */

import type { Severity } from "../../core/types";

export interface Row {
  readonly number: number;
  readonly classKey: string;
  readonly classLabel: string;
  readonly points: number | null;
  readonly distance_m: number | null;
  readonly keys: number;
  readonly worst: Severity | null;
  readonly confirmed: boolean;
  readonly here: boolean;
  readonly isStatic: boolean;
}

type Test = (row: Row) => boolean;

const SEVERITIES: readonly Severity[] = ["info", "warning", "error"];
const NUMBERS: Readonly<Record<string, (row: Row) => number | null>> = {
  pts: (row) => row.points,
  dist: (row) => row.distance_m,
  keys: (row) => row.keys,
  sev: (row) => (row.worst ? SEVERITIES.indexOf(row.worst) : -1),
};
const STATES: Readonly<Record<string, Test>> = {
  unconfirmed: (row) => !row.confirmed,
  confirmed: (row) => row.confirmed,
  here: (row) => row.here,
  gone: (row) => !row.here,
  static: (row) => row.isStatic,
  moving: (row) => !row.isStatic,
};
const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
};

function severityNumber(word: string): number {
  return SEVERITIES.findIndex((severity) => word !== "" && severity.startsWith(word.slice(0, 4)));
}

function comparison(word: string): Test | null {
  const match = /^([a-z]+)(<=|>=|<|>|=)(.+)$/.exec(word);
  const [, name = "", sign = "", given = ""] = match ?? [];
  const [read, compare] = [NUMBERS[name], COMPARE[sign]];
  if (!read || !compare) return null;
  const wanted = name === "sev" ? severityNumber(given) : Number(given);
  return (row) => {
    const value = read(row);
    return value !== null && compare(value, wanted);
  };
}

function testOf(word: string): Test {
  if (word.startsWith("#")) {
    const number = Number(word.slice(1));
    return (row) => row.number === number;
  }
  if (word.startsWith("class:")) return (row) => row.classKey.startsWith(word.slice(6));
  if (word.startsWith("is:")) return STATES[word.slice(3)] ?? (() => false);
  return (
    comparison(word) ?? ((row) => `${row.number} ${row.classLabel.toLowerCase()}`.includes(word))
  );
}

/** Whether a row meets every word. */
export function matcher(query: string): Test {
  const tests = query.toLowerCase().split(/\s+/).filter(Boolean).map(testOf);
  return (row) => tests.every((test) => test(row));
}

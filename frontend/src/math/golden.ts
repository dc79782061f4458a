/** The vectors that numerics and this folder share, for the specs. */

import { expect } from "vitest";

export interface Case<Given, Expected> {
  readonly name: string;
  readonly input: Given;
  readonly expected: Expected;
}

const FILES = import.meta.glob<{ readonly cases: readonly unknown[] }>(
  "../../../tests/golden/*.json",
  { eager: true, import: "default" },
);

/** The cases of one file; the caller says what they look like, the numbers then show whether it is so. */
export function golden<Given, Expected>(name: string): readonly Case<Given, Expected>[] {
  const file = FILES[`../../../tests/golden/${name}.json`];
  if (!file || file.cases.length === 0)
    throw new RangeError(`tests/golden/${name}.json has no cases`);
  return file.cases as readonly Case<Given, Expected>[];
}

type Numbers = number | null | readonly Numbers[];

/** Within 1e-9, absolute below 1 and relative above, number by number. */
export function expectSame(measured: Numbers, expected: Numbers, tolerance = 1e-9): void {
  if (expected === null || measured === null) {
    expect(measured).toBe(expected);
  } else if (typeof expected === "number" || typeof measured === "number") {
    expect(typeof measured).toBe(typeof expected);
    const [a, b] = [Number(measured), Number(expected)];
    if (a !== b) expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(b)));
  } else {
    expect(measured).toHaveLength(expected.length);
    expected.forEach((each, n) => {
      expectSame(measured[n] ?? null, each, tolerance);
    });
  }
}

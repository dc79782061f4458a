/** Findings are worked through from the gravest on, round and round. */

import { describe, expect, it } from "vitest";
import type { Finding } from "../../core/types";
import { measureText, nextFinding, orderedFindings } from "./finding-order";

function finding(id: number, said: Partial<Finding>): Finding {
  return {
    id,
    check: "ground.gap",
    severity: "warning",
    blocking: false,
    state: "open",
    source: "check",
    object_id: null,
    sensor_key: null,
    at_ns: 0,
    message: "",
    measured: null,
    threshold: null,
    unit: "",
    clause: "",
    fixes: [],
    waiver_reason: "",
    author_name: "",
    created_at: "",
    ...said,
  };
}

const ALL = [
  finding(1, { state: "waived", severity: "error" }),
  finding(2, { at_ns: 9 }),
  finding(3, { at_ns: 4 }),
  finding(4, { severity: "error" }),
  finding(5, { blocking: true }),
  finding(6, { state: "closed" }),
];

it("puts what blocks first, then what is grave, then by time; what is waived last, what is closed away", () => {
  expect(orderedFindings(ALL).map(({ id }) => id)).toEqual([5, 4, 3, 2, 1]);
});

describe("going on", () => {
  it.each([
    [null, 1, 5],
    [5, 1, 4],
    [2, 1, 5],
    [5, -1, 2],
    [null, -1, 2],
    [999, 1, 5],
  ] as const)("from %s by %d comes to %d", (after, step, to) => {
    expect(nextFinding(ALL, after, step)?.id).toBe(to);
  });

  it("stands still where nothing is open", () => {
    expect(nextFinding([finding(1, { state: "waived" })], null, 1)).toBeNull();
  });
});

it("says the number against its limit", () => {
  expect(measureText(finding(1, { measured: 0.2134, threshold: 0.15, unit: "m" }))).toBe(
    "0.213, limit 0.15 m",
  );
  expect(measureText(finding(1, {}))).toBe("");
});

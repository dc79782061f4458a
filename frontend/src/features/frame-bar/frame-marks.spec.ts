/** The frame bar's marks. */

import { expect, it } from "vitest";
import { FRAME_NS, manifest } from "../../core/samples";
import { Scene } from "../../core/scene";
import type { Finding, Key } from "../../core/types";
import { clockText } from "./clock-text";
import { lifeOf, worstByFrame } from "./frame-marks";

it("writes times as minutes and seconds", () => {
  expect(clockText(0)).toBe("00:00.00");
  expect(clockText(3_200_000_000)).toBe("00:03.20");
  expect(clockText(75_050_000_000)).toBe("01:15.05");
  expect(clockText(59_999_000_000)).toBe("01:00.00");
  expect(clockText(-12_000_000)).toBe("−00:00.01");
  expect(clockText(-1)).toBe("00:00.00");
});

function key(frame: number, absent = false): Key {
  return {
    at_ns: frame * FRAME_NS,
    geometry: null,
    state: "keyed",
    origin: "human",
    confirmed: true,
    absent,
    reason: "",
    attributes: {},
  };
}

it("draws life as stretches between absences", () => {
  const scene = new Scene(manifest(9));
  expect(lifeOf(scene, [key(1), key(3), key(5, true), key(7), key(8)])).toEqual([
    [1, 5],
    [7, 8],
  ]);
  expect(lifeOf(scene, [])).toEqual([]);
});

it("keeps the worst finding of a frame, and of open ones only", () => {
  const scene = new Scene(manifest(4));
  const finding = (frame: number | null, said: Partial<Finding>): Finding => ({
    id: 1,
    check: "size.prior",
    severity: "warning",
    blocking: false,
    state: "open",
    source: "check",
    object_id: null,
    sensor_key: null,
    at_ns: frame === null ? null : frame * FRAME_NS,
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
  });
  const worst = worstByFrame(scene, [
    finding(1, { severity: "error" }),
    finding(1, { severity: "info" }),
    finding(2, { state: "waived", severity: "error" }),
    finding(null, {}),
  ]);
  expect([...worst]).toEqual([[1, "error"]]);
});

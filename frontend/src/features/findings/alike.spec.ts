/** Many findings of one kind are mended in one gesture, each thing touched once. */

import { expect, it } from "vitest";
import { linkDerived } from "../../core/edits";
import { cuboid, keyedAt, object } from "../../core/samples";
import type { Finding } from "../../core/types";
import { alikeFixes } from "./alike";

function finding(id: number, said: Partial<Finding>): Finding {
  return {
    id,
    check: "link.missing",
    severity: "warning",
    blocking: false,
    state: "open",
    source: "check",
    object_id: "a",
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

const CAR = object("a", [{ at_ns: 0, ...keyedAt(cuboid([10, 0, 1])) }]);
const fix = (sensor: string) => ({ label: "Add the box", ops: linkDerived(CAR, sensor, 0) });

it("takes the first fix of each, once for each place", () => {
  const all = [
    finding(1, { fixes: [fix("FRONT")] }),
    finding(2, { fixes: [fix("REAR"), fix("LEFT")] }),
    finding(3, { fixes: [fix("FRONT")] }),
    finding(4, { fixes: [fix("LEFT")], check: "ground.gap" }),
    finding(5, { fixes: [fix("LEFT")], state: "waived" }),
    finding(6, {}),
  ];
  const alike = alikeFixes(all, finding(1, {}));
  expect(alike.count).toBe(2);
  expect(alike.ops.map((op) => (op.k === "key.put" ? op.stream : ""))).toEqual([
    "FRONT/box",
    "REAR/box",
  ]);
});

/** What an edit touches: the one source for redraw, checks, conflicts and skipping an undo. */

import type { AtNs, ObjectFields, ObjId, Op } from "./types";

/** A key of an object (`stream` and `at_ns`), some of its own fields (`stream` "*"), or all of it (`fields` "all"). */
export interface Footprint {
  readonly obj: ObjId;
  readonly stream: string;
  readonly at_ns: AtNs | null;
  readonly fields: "all" | readonly (keyof ObjectFields)[];
}

const FIELD_NAMES = ["class", "attributes", "motion", "size_locked"] as const;

export function footprintOf(op: Op): Footprint {
  switch (op.k) {
    case "obj.add":
    case "obj.del":
      return { obj: op.obj, stream: "*", at_ns: null, fields: "all" };
    case "obj.set":
      return {
        obj: op.obj,
        stream: "*",
        at_ns: null,
        fields: FIELD_NAMES.filter((name) => name in op.next),
      };
    case "key.put":
    case "key.del":
      return { obj: op.obj, stream: op.stream, at_ns: op.at_ns, fields: [] };
  }
}

export function footprintsOf(ops: readonly Op[]): readonly Footprint[] {
  return ops.map(footprintOf);
}

/** Whether two edits are about the same thing. */
export function meets(a: Footprint, b: Footprint): boolean {
  if (a.obj !== b.obj) return false;
  const [fieldsA, fieldsB] = [a.fields, b.fields];
  if (fieldsA === "all" || fieldsB === "all") return true;
  if (a.stream === "*" && b.stream === "*") return fieldsA.some((name) => fieldsB.includes(name));
  return a.stream === b.stream && a.at_ns === b.at_ns;
}

export function anyMeet(a: readonly Footprint[], b: readonly Footprint[]): boolean {
  return a.some((one) => b.some((other) => meets(one, other)));
}

/** What hands do to an object's boxes in cameras, as operations. */

import type { BoxPx } from "../math/iou";
import { boxStream, worldKeys } from "./evaluate";
import { deleteObject, KEYED, put, remove } from "./key-ops";
import { keyAt, keyValue, newId } from "./ops";
import type { AtNs, KeyValue, LabelledObject, ObjectFields, ObjId, Op, SensorKey } from "./types";

/** A new object that is known from one camera alone. */
export function addBox(args: {
  readonly fields: ObjectFields;
  readonly sensor: SensorKey;
  readonly at_ns: AtNs;
  readonly box_px: BoxPx;
}): { readonly id: ObjId; readonly ops: readonly Op[] } {
  const id = newId();
  const next: KeyValue = {
    ...KEYED,
    state: "independent",
    geometry: { box_px: args.box_px },
  };
  const stream = boxStream(args.sensor);
  return {
    id,
    ops: [
      { k: "obj.add", obj: id, next: args.fields },
      { k: "key.put", obj: id, stream, at_ns: args.at_ns, prev: null, next },
    ],
  };
}

/** A person's box where the cuboid gives another one; says why. */
export function adjustBox(args: {
  readonly object: LabelledObject;
  readonly sensor: SensorKey;
  readonly at_ns: AtNs;
  readonly box_px: BoxPx;
  readonly reason: string;
}): readonly Op[] {
  const { object, sensor, at_ns, box_px, reason } = args;
  const stream = boxStream(sensor);
  const hasWorld = worldKeys(object).length > 0;
  return [
    put(object, stream, at_ns, {
      ...KEYED,
      attributes: keyAt(object, stream, at_ns)?.attributes ?? {},
      state: hasWorld ? "adjusted" : "independent",
      geometry: { box_px },
      reason: hasWorld ? reason : "",
    }),
  ];
}

/** The object cannot be seen in this camera now; says why. */
export function markNotVisible(
  object: LabelledObject,
  sensor: SensorKey,
  at_ns: AtNs,
  reason: string,
): readonly Op[] {
  const stream = boxStream(sensor);
  return [put(object, stream, at_ns, { ...KEYED, state: "not_visible", geometry: null, reason })];
}

/** Back to what the cuboid gives. */
export function resetToDerived(
  object: LabelledObject,
  sensor: SensorKey,
  at_ns: AtNs,
): readonly Op[] {
  const stream = boxStream(sensor);
  const key = keyAt(object, stream, at_ns);
  return key ? [remove(object, stream, key)] : [];
}

/** Confirms that the object is in this camera as its cuboid gives it: a linked box without geometry of its own. */
export function linkDerived(
  object: LabelledObject,
  sensor: SensorKey,
  at_ns: AtNs,
): readonly Op[] {
  const next: KeyValue = { ...KEYED, state: "derived", origin: "project", geometry: null };
  return [put(object, boxStream(sensor), at_ns, next)];
}

/** Moves the boxes of one object to another, which then is the one thing that both saw; the first goes. */
export function mergeInto(from: LabelledObject, into: LabelledObject): readonly Op[] {
  const moved = Object.entries(from.streams).flatMap(([name, keys]) =>
    keys.flatMap((key): readonly Op[] => {
      const [sensor, shape] = name.split("/");
      if (!sensor || !shape || keyAt(into, name, key.at_ns)) return [];
      const linked: KeyValue =
        key.state === "independent"
          ? { ...keyValue(key), state: "adjusted", reason: key.reason || "linked by hand" }
          : keyValue(key);
      return [put(into, `${sensor}/${shape}`, key.at_ns, linked)];
    }),
  );
  return [...moved, ...deleteObject(from)];
}

/** What hands do, as operations: each takes the object as it is and gives the ops of one gesture. */

import { flipped, resized } from "../math/cuboid";
import { isCuboid } from "../math/trajectory";
import { WORLD, worldKeys } from "./evaluate";
import { deleteObject, KEYED, put, remove } from "./key-ops";
import { fieldsOf, keyAt, keyValue, newId, picked } from "./ops";
import { predict } from "./predict";
import type {
  AtNs,
  Attributes,
  Cuboid,
  Key,
  KeyValue,
  LabelledObject,
  ObjectFields,
  ObjId,
  Op,
  Origin,
  Stream,
  Vec3,
} from "./types";

export {
  addBox,
  adjustBox,
  linkDerived,
  markNotVisible,
  mergeInto,
  resetToDerived,
} from "./box-edits";
export { deleteObject };

/** A new object with its first cuboid. */
export function addCuboid(args: {
  readonly fields: ObjectFields;
  readonly at_ns: AtNs;
  readonly cuboid: Cuboid;
  readonly origin?: Origin;
}): { readonly id: ObjId; readonly ops: readonly Op[] } {
  const id = newId();
  const next: KeyValue = { ...KEYED, geometry: args.cuboid, origin: args.origin ?? "human" };
  return {
    id,
    ops: [
      { k: "obj.add", obj: id, next: args.fields },
      { k: "key.put", obj: id, stream: WORLD, at_ns: args.at_ns, prev: null, next },
    ],
  };
}

/** A cuboid set at a time. Where the size is locked, another size goes to every key, bottom centres staying where they are. */
export function putCuboid(
  object: LabelledObject,
  at_ns: AtNs,
  cuboid: Cuboid,
  origin: Origin = "human",
): readonly Op[] {
  const there = keyAt(object, WORLD, at_ns);
  const next: KeyValue = {
    ...KEYED,
    attributes: there?.attributes ?? {},
    geometry: cuboid,
    origin,
  };
  const here = put(object, WORLD, at_ns, next);
  if (!object.size_locked) return [here];
  const others = worldKeys(object).filter((key) => key.at_ns !== at_ns);
  return [here, ...sizedKeys(object, others, cuboid.size_m)];
}

function sizedKeys(object: LabelledObject, keys: readonly Key[], size_m: Vec3): readonly Op[] {
  return keys.flatMap((key) => {
    if (!isCuboid(key.geometry)) return [];
    const same = key.geometry.size_m.every((side, axis) => side === size_m[axis]);
    if (same) return [];
    return [
      put(object, WORLD, key.at_ns, { ...keyValue(key), geometry: resized(key.geometry, size_m) }),
    ];
  });
}

/** A key at a time where the object has none, from where its motion takes it: copying to the next frame. Nothing without keys. */
export function propagate(object: LabelledObject, vehicle: boolean, at_ns: AtNs): readonly Op[] {
  const predicted = keyAt(object, WORLD, at_ns) ? null : predict(object, vehicle, at_ns);
  if (!predicted) return [];
  const next: KeyValue = {
    ...KEYED,
    geometry: predicted.cuboid,
    origin: predicted.beyond ? "track" : "interp",
    confirmed: false,
  };
  return [put(object, WORLD, at_ns, next)];
}

/** Takes away what machines put between two times, so that the path between people's keys stands there. */
export function interpolate(object: LabelledObject, from_ns: AtNs, to_ns: AtNs): readonly Op[] {
  const between = worldKeys(object).filter(
    (key) =>
      key.at_ns > from_ns &&
      key.at_ns < to_ns &&
      !key.confirmed &&
      !key.absent &&
      key.origin !== "human",
  );
  return between.map((key) => remove(object, WORLD, key));
}

/** Locks the size of a whole track at one key's size, or unlocks it. */
export function lockSize(object: LabelledObject, size_m: Vec3 | null): readonly Op[] {
  const lock: Op = {
    k: "obj.set",
    obj: object.id,
    prev: { size_locked: object.size_locked },
    next: { size_locked: size_m !== null },
  };
  return size_m ? [lock, ...sizedKeys(object, worldKeys(object), size_m)] : [lock];
}

/** Which keys a turn by half goes to. */
export type TrackPart = "this" | "to-next-key" | "whole";

/** Front to rear. At a time without a key one is made from the cuboid that is shown. */
export function flipHeading(
  object: LabelledObject,
  at_ns: AtNs,
  shown: Cuboid,
  part: TrackPart,
): readonly Op[] {
  const keys = worldKeys(object);
  const next = keys.find((key) => key.at_ns > at_ns);
  const reached = keys.filter((key) => {
    if (key.at_ns === at_ns || !isCuboid(key.geometry)) return false;
    return part === "whole" || (part === "to-next-key" && key === next);
  });
  const others = reached.flatMap((key) =>
    isCuboid(key.geometry)
      ? [put(object, WORLD, key.at_ns, { ...keyValue(key), geometry: flipped(key.geometry) })]
      : [],
  );
  const hasKey = keys.some((key) => key.at_ns === at_ns);
  if (part === "whole" && !hasKey) return others;
  return [...putCuboid({ ...object, size_locked: false }, at_ns, flipped(shown)), ...others];
}

export function setFields(object: LabelledObject, next: Partial<ObjectFields>): readonly Op[] {
  return [{ k: "obj.set", obj: object.id, prev: picked(fieldsOf(object), next), next }];
}

/** An attribute of the object as a whole. */
export function setAttribute(
  object: LabelledObject,
  name: string,
  value: Attributes[string],
): readonly Op[] {
  return setFields(object, { attributes: { ...object.attributes, [name]: value } });
}

/** An attribute at one time, in the world or in a sensor; makes a key when there is none. */
export function setKeyAttribute(args: {
  readonly object: LabelledObject;
  readonly stream: Stream;
  readonly at_ns: AtNs;
  readonly name: string;
  readonly value: Attributes[string];
  /** What the new key says where there is none. */
  readonly otherwise: KeyValue;
}): readonly Op[] {
  const { object, stream, at_ns, name, value } = args;
  const there = keyAt(object, stream, at_ns);
  const before = there ? keyValue(there) : args.otherwise;
  const attributes = { ...before.attributes, [name]: value };
  return [put(object, stream, at_ns, { ...before, attributes })];
}

/** Takes a key away; an object left without any goes too. */
export function deleteKey(object: LabelledObject, stream: Stream, at_ns: AtNs): readonly Op[] {
  const key = keyAt(object, stream, at_ns);
  if (!key) return [];
  const left = Object.values(object.streams).reduce((sum, keys) => sum + keys.length, 0) - 1;
  return left === 0 ? deleteObject(object) : [remove(object, stream, key)];
}

/** Makes a key of what is shown, or takes the key away when there is one. */
export function toggleKey(object: LabelledObject, at_ns: AtNs, shown: Cuboid): readonly Op[] {
  return keyAt(object, WORLD, at_ns)
    ? deleteKey(object, WORLD, at_ns)
    : putCuboid(object, at_ns, shown);
}

/** From here on the object is not there, until its next key. */
export function markAbsent(object: LabelledObject, at_ns: AtNs): readonly Op[] {
  return [put(object, WORLD, at_ns, { ...KEYED, geometry: null, absent: true })];
}

/** Ends the object's life here: absent from here on, later keys gone. */
export function endLife(object: LabelledObject, at_ns: AtNs): readonly Op[] {
  const later = worldKeys(object).filter((key) => key.at_ns > at_ns);
  return [...markAbsent(object, at_ns), ...later.map((key) => remove(object, WORLD, key))];
}

/** The object begins here: earlier keys go, what is shown becomes the first key. */
export function startLife(object: LabelledObject, at_ns: AtNs, shown: Cuboid): readonly Op[] {
  const earlier = worldKeys(object).filter((key) => key.at_ns < at_ns);
  return [
    ...putCuboid({ ...object, size_locked: false }, at_ns, shown),
    ...earlier.map((key) => remove(object, WORLD, key)),
  ];
}

/** Says that a person has looked at a machine's key and agrees. */
export function confirmKeys(object: LabelledObject, stream: Stream = WORLD): readonly Op[] {
  const open = (object.streams[stream] ?? []).filter((key) => !key.confirmed);
  return open.map((key) => put(object, stream, key.at_ns, { ...keyValue(key), confirmed: true }));
}

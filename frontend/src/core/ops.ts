/** Operations on the labels: applied, inverted, folded together. Pure: objects in, objects out. */

import type {
  AtNs,
  ChangeSet,
  Key,
  KeyValue,
  LabelledObject,
  ObjectFields,
  ObjId,
  Op,
  Stream,
} from "./types";

export type Objects = ReadonlyMap<ObjId, LabelledObject>;

/** What an operation was meant for is not there; the document is not what its maker saw. */
export class OpMismatch extends Error {
  override readonly name = "OpMismatch";
}

export function fieldsOf(object: LabelledObject): ObjectFields {
  const { attributes, motion, size_locked } = object;
  return { class: object.class, attributes, motion, size_locked };
}

export function keyValue(key: Key): KeyValue {
  const { geometry, state, origin, confirmed, absent, reason, attributes } = key;
  return { geometry, state, origin, confirmed, absent, reason, attributes };
}

function sortedWith(keys: readonly Key[], at_ns: AtNs, next: KeyValue | null): readonly Key[] {
  const others = keys.filter((key) => key.at_ns !== at_ns);
  if (!next) return others;
  const index = others.findIndex((key) => key.at_ns > at_ns);
  const key: Key = { ...next, at_ns };
  return index < 0 ? [...others, key] : others.toSpliced(index, 0, key);
}

function withKey(
  object: LabelledObject,
  stream: Stream,
  at_ns: AtNs,
  next: KeyValue | null,
): LabelledObject {
  const keys = sortedWith(object.streams[stream] ?? [], at_ns, next);
  if (keys.length > 0) return { ...object, streams: { ...object.streams, [stream]: keys } };
  const { [stream]: _gone, ...streams } = object.streams;
  return { ...object, streams };
}

function existing(objects: Objects, id: ObjId): LabelledObject {
  const object = objects.get(id);
  if (!object) throw new OpMismatch(`object ${id} is not in the document`);
  return object;
}

function changed(objects: Objects, op: Op): LabelledObject | null {
  switch (op.k) {
    case "obj.add":
      if (objects.has(op.obj)) throw new OpMismatch(`object ${op.obj} is there already`);
      return { id: op.obj, ...op.next, streams: {} };
    case "obj.set":
      return { ...existing(objects, op.obj), ...op.next };
    case "obj.del":
      existing(objects, op.obj);
      return null;
    case "key.put":
      return withKey(existing(objects, op.obj), op.stream, op.at_ns, op.next);
    case "key.del":
      return withKey(existing(objects, op.obj), op.stream, op.at_ns, null);
  }
}

/** The objects after the operations; the map given is left as it is. Throws OpMismatch. */
export function applied(objects: Objects, ops: readonly Op[]): Objects {
  if (ops.length === 0) return objects;
  const next = new Map(objects);
  for (const op of ops) {
    const object = changed(next, op);
    if (object) next.set(op.obj, object);
    else next.delete(op.obj);
  }
  return next;
}

/** What takes an operation back; deleting an object gives its keys back as well. */
export function inverted(op: Op): readonly Op[] {
  switch (op.k) {
    case "obj.add":
      return [{ k: "obj.del", obj: op.obj, prev: { ...op.next, streams: {} } }];
    case "obj.set":
      return [{ k: "obj.set", obj: op.obj, prev: op.next, next: op.prev }];
    case "obj.del":
      return restored(op.obj, op.prev);
    case "key.put":
      return op.prev
        ? [{ ...op, prev: op.next, next: op.prev }]
        : [{ k: "key.del", obj: op.obj, stream: op.stream, at_ns: op.at_ns, prev: op.next }];
    case "key.del": {
      const { obj, stream, at_ns, prev } = op;
      return [{ k: "key.put", obj, stream, at_ns, prev: null, next: prev }];
    }
  }
}

function restored(
  obj: ObjId,
  prev: ObjectFields & { readonly streams: LabelledObject["streams"] },
): readonly Op[] {
  const { streams, ...fields } = prev;
  const keys = Object.entries(streams).flatMap(([stream, list]) =>
    list.map(
      (key): Op => ({
        k: "key.put",
        obj,
        stream: asStream(stream),
        at_ns: key.at_ns,
        prev: null,
        next: keyValue(key),
      }),
    ),
  );
  return [{ k: "obj.add", obj, next: fields }, ...keys];
}

export function invertedAll(ops: readonly Op[]): readonly Op[] {
  return ops.toReversed().flatMap(inverted);
}

/** A stream's name checked for its form, `<sensor or "world">/<shape>`. */
export function asStream(name: string): Stream {
  const [sensor, shape, ...rest] = name.split("/");
  if (!sensor || !shape || rest.length > 0) throw new OpMismatch(`${name} is not a stream's name`);
  return `${sensor}/${shape}`;
}

/** The same operations with what they say was there before taken from these objects: used after a rebase. */
export function rebased(objects: Objects, ops: readonly Op[]): readonly Op[] {
  let current = objects;
  return ops.map((op) => {
    const fresh = withPrevFrom(current, op);
    current = applied(current, [fresh]);
    return fresh;
  });
}

function withPrevFrom(objects: Objects, op: Op): Op {
  if (op.k === "obj.add") return op;
  const object = existing(objects, op.obj);
  switch (op.k) {
    case "obj.set":
      return { ...op, prev: picked(fieldsOf(object), op.next) };
    case "obj.del":
      return { ...op, prev: { ...fieldsOf(object), streams: object.streams } };
    case "key.put": {
      const key = keyAt(object, op.stream, op.at_ns);
      return { ...op, prev: key ? keyValue(key) : null };
    }
    case "key.del": {
      const key = keyAt(object, op.stream, op.at_ns);
      if (!key) throw new OpMismatch(`${op.stream} of ${op.obj} has no key at ${op.at_ns}`);
      return { ...op, prev: keyValue(key) };
    }
  }
}

/** Those of the fields that `like` names. */
export function picked(fields: ObjectFields, like: Partial<ObjectFields>): Partial<ObjectFields> {
  return {
    ...("class" in like ? { class: fields.class } : {}),
    ...("attributes" in like ? { attributes: fields.attributes } : {}),
    ...("motion" in like ? { motion: fields.motion } : {}),
    ...("size_locked" in like ? { size_locked: fields.size_locked } : {}),
  };
}

export function keyAt(object: LabelledObject, stream: string, at_ns: AtNs): Key | undefined {
  return object.streams[stream]?.find((key) => key.at_ns === at_ns);
}

/** What two operations of one slot are together: one operation, or null when they cancel out. */
function foldedPair(first: Op, second: Op): Op | null {
  if (first.k === "obj.set" && second.k === "obj.set") {
    const prev = { ...second.prev, ...first.prev };
    return { ...second, prev, next: { ...first.next, ...second.next } };
  }
  const prev =
    "prev" in first && first.k !== "obj.set" && first.k !== "obj.del" ? first.prev : null;
  if (second.k === "key.put") return { ...second, prev };
  if (second.k === "key.del" && prev) return { ...second, prev };
  return null;
}

/** The same effect in fewer operations: repeated writes to one slot become one. */
export function folded(ops: readonly Op[]): readonly Op[] {
  const done: Op[] = [];
  let slots = new Map<string, Op | null>();
  const close = () => {
    for (const op of slots.values()) if (op) done.push(op);
    slots = new Map();
  };
  for (const op of ops) {
    if (op.k === "obj.add" || op.k === "obj.del") {
      // Adding or deleting an object is a wall: nothing is moved across it.
      close();
      done.push(op);
      continue;
    }
    const slot = op.k === "obj.set" ? op.obj : `${op.obj} ${op.stream} ${op.at_ns}`;
    const before = slots.get(slot);
    slots.set(slot, before ? foldedPair(before, op) : op);
  }
  close();
  return done;
}

/** A random UUID; `crypto.randomUUID` is missing on plain-http pages. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte, n) => {
    const value = n === 6 ? (byte & 0x0f) | 0x40 : n === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, "0");
  });
  const part = (from: number, to: number) => hex.slice(from, to).join("");
  return [part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 16)].join("-");
}

/** No save may hold more. */
export const MOST_OPS = 200;

/** One gesture as change sets: one, or several parts when it is a large one. */
export function newChangeSets(label: string, ops: readonly Op[]): readonly ChangeSet[] {
  const parts = Math.ceil(ops.length / MOST_OPS);
  const made_at = new Date().toISOString();
  return Array.from({ length: parts }, (_, n) => ({
    id: newId(),
    label: parts > 1 ? `${label} (${n + 1} of ${parts})` : label,
    made_at,
    ops: ops.slice(n * MOST_OPS, (n + 1) * MOST_OPS),
  }));
}

/** The operations that every edit is made of. */

import { fieldsOf, keyAt, keyValue } from "./ops";
import type { AtNs, Key, KeyValue, LabelledObject, Op, Stream } from "./types";

/** What a person's key says beside its geometry. */
export const KEYED: Omit<KeyValue, "geometry"> = {
  state: "keyed",
  origin: "human",
  confirmed: true,
  absent: false,
  reason: "",
  attributes: {},
};

export function put(object: LabelledObject, stream: Stream, at_ns: AtNs, next: KeyValue): Op {
  const there = keyAt(object, stream, at_ns);
  return {
    k: "key.put",
    obj: object.id,
    stream,
    at_ns,
    prev: there ? keyValue(there) : null,
    next,
  };
}

export function remove(object: LabelledObject, stream: Stream, key: Key): Op {
  return { k: "key.del", obj: object.id, stream, at_ns: key.at_ns, prev: keyValue(key) };
}

export function deleteObject(object: LabelledObject): readonly Op[] {
  const prev = { ...fieldsOf(object), streams: object.streams };
  return [{ k: "obj.del", obj: object.id, prev }];
}

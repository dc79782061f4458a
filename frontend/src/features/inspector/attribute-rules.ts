/** Which attributes of the guideline an object has, and where their values are kept. */

import { boxStream, worldKeys } from "../../core/evaluate";
import type {
  AtNs,
  AttributeDefinition,
  Json,
  Key,
  LabelledObject,
  SensorKey,
} from "../../core/types";

export type AttributeScope = AttributeDefinition["scope"];

export function appliesTo(definition: AttributeDefinition, classKey: string): boolean {
  return definition.classes.length === 0 || definition.classes.includes(classKey);
}

export function definitionsFor(
  definitions: readonly AttributeDefinition[],
  classKey: string,
  scope: AttributeScope,
): readonly AttributeDefinition[] {
  return definitions.filter((each) => each.scope === scope && appliesTo(each, classKey));
}

/** The moment and the sensor that values of narrower scopes are asked for. */
export interface ValuePlace {
  readonly world_ns: AtNs;
  readonly sensor: SensorKey | null;
  readonly sensor_ns: AtNs;
}

/** What holds at a time: the newest key at or before it that says anything. */
function held(keys: readonly Key[], at_ns: AtNs, name: string): Json {
  const key = keys.findLast((each) => each.at_ns <= at_ns && name in each.attributes);
  return key?.attributes[name] ?? null;
}

export function attributeValue(
  object: LabelledObject,
  definition: AttributeDefinition,
  place: ValuePlace,
): Json {
  const { key, scope } = definition;
  if (scope === "object") return object.attributes[key] ?? definition.default;
  if (scope === "frame") return held(worldKeys(object), place.world_ns, key) ?? definition.default;
  if (!place.sensor) return definition.default;
  const keys = object.streams[boxStream(place.sensor)] ?? [];
  return held(keys, place.sensor_ns, key) ?? definition.default;
}

export function isMissing(definition: AttributeDefinition, value: Json): boolean {
  return definition.required && (value === null || value === "");
}

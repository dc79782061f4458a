/** An attribute's value is kept at its own scope and asked there. */

import { describe, expect, it } from "vitest";
import type { AttributeDefinition, Key, LabelledObject } from "../../core/types";
import { attributeValue, definitionsFor, isMissing } from "./attribute-rules";

function definition(
  key: string,
  scope: AttributeDefinition["scope"],
  classes: readonly string[] = [],
): AttributeDefinition {
  return {
    key,
    label: key,
    scope,
    type: "text",
    options: [],
    required: true,
    default: null,
    classes,
  };
}

function key(at_ns: number, attributes: Key["attributes"]): Key {
  return {
    at_ns,
    geometry: null,
    state: "keyed",
    origin: "human",
    confirmed: true,
    absent: false,
    reason: "",
    attributes,
  };
}

const OBJECT: LabelledObject = {
  id: "a",
  class: "car",
  attributes: { colour: "red" },
  motion: "dynamic",
  size_locked: false,
  streams: {
    "world/cuboid": [
      key(0, { movement: "moving" }),
      key(100, {}),
      key(200, { movement: "parked" }),
    ],
    "FRONT/box": [key(5, { occlusion: "partly" })],
  },
};
const PLACE = { world_ns: 150, sensor: "FRONT", sensor_ns: 155 };

describe("a value", () => {
  it("of the object holds always", () => {
    expect(attributeValue(OBJECT, definition("colour", "object"), PLACE)).toBe("red");
  });

  it("of a frame holds from the key that said it on", () => {
    expect(attributeValue(OBJECT, definition("movement", "frame"), PLACE)).toBe("moving");
    expect(
      attributeValue(OBJECT, definition("movement", "frame"), { ...PLACE, world_ns: 200 }),
    ).toBe("parked");
  });

  it("of a sensor holds in that sensor only", () => {
    expect(attributeValue(OBJECT, definition("occlusion", "sensor"), PLACE)).toBe("partly");
    expect(
      attributeValue(OBJECT, definition("occlusion", "sensor"), { ...PLACE, sensor: "REAR" }),
    ).toBeNull();
    expect(
      attributeValue(OBJECT, definition("occlusion", "sensor"), { ...PLACE, sensor: null }),
    ).toBeNull();
  });
});

it("is asked of the classes that it is for", () => {
  const all = [
    definition("a", "object"),
    definition("b", "object", ["truck"]),
    definition("c", "frame"),
  ];
  expect(definitionsFor(all, "car", "object").map((each) => each.key)).toEqual(["a"]);
});

it("is missing when it is required and not said", () => {
  expect(isMissing(definition("a", "object"), null)).toBe(true);
  expect(isMissing(definition("a", "object"), false)).toBe(false);
});

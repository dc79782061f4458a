/** The guideline's attributes as a form, each at the scope that it declares. */

import { setAttribute, setKeyAttribute } from "../../core/edits";
import { boxStream, WORLD } from "../../core/evaluate";
import type { AttributeDefinition, Json, KeyValue, LabelledObject, Op } from "../../core/types";
import type { Bench } from "../../tools/bench";
import { useDesk } from "../../views/desk";
import { NumberField } from "../controls/number-field";
import {
  type AttributeScope,
  attributeValue,
  definitionsFor,
  isMissing,
  type ValuePlace,
} from "./attribute-rules";

const EMPTY: KeyValue = {
  geometry: null,
  state: "derived",
  origin: "human",
  confirmed: true,
  absent: false,
  reason: "",
  attributes: {},
};

/** The operations that set a value at its scope; none where it cannot be said now. */
function opsFor(
  bench: Bench,
  object: LabelledObject,
  definition: AttributeDefinition,
  value: Json,
  place: ValuePlace,
): readonly Op[] {
  const { key: name, scope } = definition;
  if (scope === "object") return setAttribute(object, name, value);
  if (scope === "sensor") {
    if (!place.sensor) return [];
    const stream = boxStream(place.sensor);
    return setKeyAttribute({
      object,
      stream,
      at_ns: place.sensor_ns,
      name,
      value,
      otherwise: EMPTY,
    });
  }
  const cuboid = bench.selectedCuboid.peek();
  if (!cuboid) return [];
  const otherwise: KeyValue = { ...EMPTY, state: "keyed", geometry: cuboid };
  return setKeyAttribute({ object, stream: WORLD, at_ns: place.world_ns, name, value, otherwise });
}

interface FieldProps {
  readonly definition: AttributeDefinition;
  readonly value: Json;
  readonly disabled: boolean;
  readonly onValue: (value: Json) => void;
}

const MOST_SEGMENTS = 4;
const MOST_LETTERS = 22;

function EnumField({ definition, value, disabled, onValue }: FieldProps) {
  const { options, label, required } = definition;
  const chars = options.reduce((sum, option) => sum + option.label.length, 0);
  if (options.length > MOST_SEGMENTS || chars > MOST_LETTERS) {
    return (
      <select
        aria-label={label}
        disabled={disabled}
        value={typeof value === "string" ? value : ""}
        onChange={(event) => onValue(event.currentTarget.value || null)}
      >
        <option value="">{required ? "choose" : "not said"}</option>
        {options.map((option) => (
          <option key={option.key} value={option.key}>
            {option.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <div class="segments" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.key} class={value === option.key ? "on" : ""}>
          <input
            type="radio"
            name={`attribute-${definition.key}`}
            checked={value === option.key}
            disabled={disabled}
            onChange={() => onValue(option.key)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}

function ValueField(props: FieldProps) {
  const { definition, value, disabled, onValue } = props;
  switch (definition.type) {
    case "enum":
      return <EnumField {...props} />;
    case "bool":
      return (
        <label class="switch">
          <input
            type="checkbox"
            checked={value === true}
            disabled={disabled}
            onChange={(event) => onValue(event.currentTarget.checked)}
          />
          {value === true ? "yes" : "no"}
        </label>
      );
    case "number":
      return (
        <NumberField
          label=""
          unit=""
          value={typeof value === "number" ? value : null}
          disabled={disabled}
          onValue={onValue}
        />
      );
    case "text":
      return (
        <input
          class="text-field"
          type="text"
          aria-label={definition.label}
          value={typeof value === "string" ? value : ""}
          disabled={disabled}
          onChange={(event) => onValue(event.currentTarget.value)}
        />
      );
  }
}

interface FormProps {
  readonly object: LabelledObject;
  readonly place: ValuePlace;
  readonly sensorLabel: string;
}

export function AttributeForm({ object, place, sensorLabel }: FormProps) {
  const { bench } = useDesk();
  const { attributes } = bench.scene.manifest.guideline.document.taxonomy;
  const titles: Readonly<Record<AttributeScope, string>> = {
    object: "Always",
    frame: "In this frame",
    sensor: sensorLabel ? `In ${sensorLabel}` : "In a camera",
  };
  const scopes: readonly AttributeScope[] = ["object", "frame", "sensor"];
  const set = (definition: AttributeDefinition, value: Json) => {
    const ops = opsFor(bench, object, definition, value, place);
    const merge = `attribute ${object.id} ${definition.key}`;
    void bench.editor.commit({ label: `Set ${definition.label.toLowerCase()}`, ops, merge });
  };
  return (
    <div class="attributes">
      {scopes.map((scope) => {
        const shown = definitionsFor(attributes, object.class, scope);
        if (shown.length === 0) return null;
        return (
          <fieldset key={scope}>
            <legend>{titles[scope]}</legend>
            {shown.map((definition) => {
              const value = attributeValue(object, definition, place);
              const missing = isMissing(definition, value);
              return (
                <div key={definition.key} class={missing ? "attribute missing" : "attribute"}>
                  <span>
                    {definition.label}
                    {missing && <em> required</em>}
                  </span>
                  <ValueField
                    definition={definition}
                    value={value}
                    disabled={!bench.editor.canEdit.value || (scope === "sensor" && !place.sensor)}
                    onValue={(next) => set(definition, next)}
                  />
                </div>
              );
            })}
          </fieldset>
        );
      })}
    </div>
  );
}

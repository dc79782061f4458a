/** The chosen object: class, size, heading, what is known of it, its attributes. */

import { setFields } from "../../core/edits";
import { worldKeyAt } from "../../core/evaluate";
import type { Key, LabelledObject, SensorKey } from "../../core/types";
import { resized, withYaw, yaw } from "../../math/cuboid";
import { norm, wrapAngle } from "../../math/vec";
import { reshape } from "../../tools/cuboid-edits";
import { sizeRange } from "../../tools/size-range";
import { type Desk, useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";
import { CommandButton } from "../controls/command-button";
import { NumberField } from "../controls/number-field";
import type { FindingDesk } from "../findings/finding-desk";
import { AttributeForm } from "./attribute-form";
import { ObjectFindings } from "./object-findings";

const SIDE_NAMES = ["L", "W", "H"] as const;

interface Props {
  readonly chrome: Chrome;
  readonly findings: FindingDesk;
}

export function Inspector({ chrome, findings }: Props) {
  const desk = useDesk();
  const object = desk.bench.selected.value;
  return (
    <section class="panel inspector" aria-label="Chosen object">
      {object ? (
        <ObjectInspector object={object} chrome={chrome} findings={findings} />
      ) : (
        <NextClass />
      )}
    </section>
  );
}

/** With nothing chosen: the class of what is drawn next. */
function NextClass() {
  const { bench } = useDesk();
  const classes = [...bench.store.classes.values()];
  return (
    <>
      <header class="panel-title">Next object</header>
      <div class="class-grid" role="radiogroup" aria-label="Class of the next object">
        {classes.map((each, n) => (
          <label key={each.key} class={each.key === bench.classKey.value ? "on" : ""}>
            <input
              type="radio"
              name="next-class"
              checked={each.key === bench.classKey.value}
              onChange={() => {
                bench.classKey.value = each.key;
              }}
            />
            <i class="swatch" style={{ background: each.color }} />
            {each.label}
            {n < 9 && <kbd>{n + 1}</kbd>}
          </label>
        ))}
      </div>
    </>
  );
}

function ObjectInspector({
  object,
  chrome,
  findings,
}: Props & { readonly object: LabelledObject }) {
  const desk = useDesk();
  const { bench, numbering } = desk;
  const cuboid = bench.selectedEgo.value;
  const key = worldKeyAt(object, bench.clock.at_ns.value);
  const editable = bench.editor.canEdit.value;
  const sensor = shownSensor(desk);
  return (
    <>
      <header class="panel-title">
        <i class="swatch" style={{ background: bench.classOf(object)?.color }} />
        <b>#{numbering.of(object.id)}</b>
        <select
          aria-label="Class"
          value={object.class}
          disabled={!editable}
          onChange={(event) => bench.commands.run(`class.${event.currentTarget.value}`)}
        >
          {[...bench.store.classes.values()].map((each) => (
            <option key={each.key} value={each.key}>
              {each.label}
            </option>
          ))}
        </select>
        <span class="origin">{originText(key)}</span>
      </header>
      {cuboid ? (
        <SizeFields desk={desk} object={object} />
      ) : (
        <p class="panel-note">Not there at this moment.</p>
      )}
      <Facts desk={desk} object={object} />
      <ObjectFindings object={object} chrome={chrome} findings={findings} />
      <div class="button-row" role="toolbar" aria-label="Cuboid">
        <CommandButton command="cuboid.ground" icon="ground" />
        <CommandButton command="cuboid.tighten" icon="fit" />
        <CommandButton command="cuboid.fit-yaw" icon="turn" />
        <CommandButton command="cuboid.flip" icon="flip" />
        <CommandButton command="object.copy-next" icon="next" />
        <CommandButton command="key.toggle" icon="key" pressed={key !== null && !key.absent} />
        <CommandButton command="key.absent" icon="absent" pressed={key?.absent ?? false} />
        <CommandButton command="object.delete" icon="trash" class="danger" />
      </div>
      <AttributeForm
        object={object}
        place={{
          world_ns: bench.clock.at_ns.value,
          sensor,
          sensor_ns: sensor ? bench.cameraTime(sensor) : 0,
        }}
        sensorLabel={sensor ? (bench.scene.sensor(sensor)?.label ?? sensor) : ""}
      />
    </>
  );
}

/** The camera that sensor-scope values are about: the large one, else the one that sees the object best. */
function shownSensor({ view, bestCamera }: Desk): SensorKey | null {
  return view.bigCamera.value ?? bestCamera.value;
}

function originText(key: Key | null): string {
  if (!key) return "between keys";
  if (key.absent) return "absent from here";
  const names: Readonly<Record<Key["origin"], string>> = {
    human: "by hand",
    fit: "fitted",
    interp: "interpolated",
    track: "tracked",
    project: "projected",
    model: "by a model",
    import: "imported",
  };
  return key.confirmed ? names[key.origin] : `${names[key.origin]}, not confirmed`;
}

function SizeFields({ desk, object }: { readonly desk: Desk; readonly object: LabelledObject }) {
  const { bench } = desk;
  const cuboid = bench.selectedEgo.value;
  if (!cuboid) return null;
  const editable = bench.editor.canEdit.value;
  const setSide = (axis: 0 | 1 | 2, value: number) => {
    const size: [number, number, number] = [...cuboid.size_m];
    size[axis] = value;
    reshape(bench, resized(cuboid, size), {
      label: "Set size",
      merge: `size ${object.id} ${axis}`,
    });
  };
  const heading_deg = (yaw(cuboid) * 180) / Math.PI;
  return (
    <div class="size-fields">
      {([0, 1, 2] as const).map((axis) => {
        const [least, most] = sizeRange(bench.store.standards, object.class, axis);
        const side = cuboid.size_m[axis];
        return (
          <NumberField
            key={axis}
            label={SIDE_NAMES[axis]}
            unit="m"
            value={side}
            least={0.05}
            disabled={!editable}
            warns={side < least || side > most}
            onValue={(value) => setSide(axis, value)}
          />
        );
      })}
      <NumberField
        label="Yaw"
        unit="°"
        digits={1}
        step={0.5}
        value={heading_deg}
        disabled={!editable}
        onValue={(degrees) => {
          const turned = withYaw(cuboid, wrapAngle((degrees * Math.PI) / 180));
          reshape(bench, turned, { label: "Set heading", merge: `yaw ${object.id}` });
        }}
      />
      <CommandButton
        command="object.lock-size"
        icon={object.size_locked ? "lock" : "unlock"}
        pressed={object.size_locked}
      />
    </div>
  );
}

function Facts({ desk, object }: { readonly desk: Desk; readonly object: LabelledObject }) {
  const { bench, evidence } = desk;
  const cuboid = bench.selectedEgo.value;
  const evaluated = bench.store.evaluate(object, bench.clock.at_ns.value);
  const speed = evaluated ? norm(evaluated.velocity_m_s) : null;
  const isStatic = object.motion === "static";
  return (
    <dl class="facts">
      <div>
        <dt>Points</dt>
        <dd>{cuboid ? evidence.inside.value : "–"}</dd>
      </div>
      <div>
        <dt>Range</dt>
        <dd>
          {cuboid ? `${Math.hypot(cuboid.center_m[0], cuboid.center_m[1]).toFixed(1)} m` : "–"}
        </dd>
      </div>
      <div>
        <dt>Speed</dt>
        <dd>{speed === null ? "–" : `${speed.toFixed(1)} m/s`}</dd>
      </div>
      <div>
        <dt>Motion</dt>
        <dd>
          <button
            type="button"
            class="chip"
            aria-pressed={isStatic}
            disabled={!bench.editor.canEdit.value}
            title="A static object has one place for the whole scene"
            onClick={() => {
              const motion = isStatic ? "dynamic" : "static";
              const label = isStatic ? "Mark as moving" : "Mark as static";
              void bench.editor.commit({ label, ops: setFields(object, { motion }) });
            }}
          >
            {isStatic ? "static" : "moving"}
          </button>
        </dd>
      </div>
    </dl>
  );
}

/** The cuboids of the moment, in the ego frame, with their looks. */

import { computed, type ReadonlySignal } from "@preact/signals";
import { worldKeyAt } from "../core/evaluate";
import type { Objects } from "../core/ops";
import type { Cuboid, LabelledObject, ObjId } from "../core/types";
import type { Rgb } from "../render/palettes";
import type { Bench } from "../tools/bench";
import type { Numbering } from "../tools/numbering";
import { readable } from "./theme";
import type { ViewState } from "./view-state";

export interface ShownBox {
  readonly id: ObjId;
  readonly cuboid: Cuboid;
  readonly colour: Rgb;
  readonly text: string;
  /** A key stands at this very time; otherwise the box is between keys. */
  readonly keyed: boolean;
  /** A person has said yes to it. */
  readonly confirmed: boolean;
}

const NO_COLOUR = "#9aa5b1";

export class ShownBoxes {
  /** As saved, without the drag: what the canvas draws. */
  readonly committed: ReadonlySignal<readonly ShownBox[]>;
  /** The chosen one, drag included. */
  readonly selected: ReadonlySignal<ShownBox | null>;

  constructor(
    private readonly bench: Bench,
    private readonly view: ViewState,
    private readonly numbering: Numbering,
  ) {
    this.committed = computed(() => this.all(bench.store.committed.value));
    this.selected = computed(() => {
      const [object, cuboid] = [bench.selected.value, bench.selectedEgo.value];
      return object && cuboid ? this.shown(object, cuboid) : null;
    });
  }

  textOf(object: LabelledObject): string {
    const label = this.bench.classOf(object)?.label ?? object.class;
    return `#${this.numbering.of(object.id)} ${label.toLowerCase()}`;
  }

  private all(objects: Objects): readonly ShownBox[] {
    const at_ns = this.bench.clock.at_ns.value;
    const only = this.view.isolated.value ? this.bench.selection.object.value : null;
    const boxes: ShownBox[] = [];
    for (const object of objects.values()) {
      if (only && object.id !== only) continue;
      const cuboid = this.bench.toEgo(this.bench.store.cuboidAt(object, at_ns));
      if (cuboid) boxes.push(this.shown(object, cuboid));
    }
    return boxes;
  }

  private shown(object: LabelledObject, cuboid: Cuboid): ShownBox {
    const key = worldKeyAt(object, this.bench.clock.at_ns.value);
    const colour = this.bench.classOf(object)?.color ?? NO_COLOUR;
    return {
      id: object.id,
      cuboid,
      colour: readable(colour, this.view.preferences.value.theme),
      text: this.textOf(object),
      keyed: key !== null,
      confirmed: key?.confirmed ?? false,
    };
  }
}

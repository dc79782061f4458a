/** What every tool and view works on: the scene, its labels, the time, the choice, and the points of the moment. */

import type { Clock } from "../core/clock";
import type { CommandRegistry } from "../core/commands";
import type { DocumentStore } from "../core/document";
import type { Editor } from "../core/editor";
import { worldKeys } from "../core/evaluate";
import type { KeyMap } from "../core/keymap";
import { predict } from "../core/predict";
import type { Scene } from "../core/scene";
import type { Selection } from "../core/selection";
import { computed, type ReadonlySignal, type Signal, signal } from "../core/signals";
import type { AtNs, Cuboid, LabelClass, LabelledObject, SensorKey } from "../core/types";
import type { AssetClient } from "../data/assets";
import type { PointCloud } from "../data/points";
import type { Workspace } from "../data/session";
import { transformed } from "../math/cuboid";
import { inverse, type Rigid } from "../math/rigid";
import { lastAtOrBefore } from "../math/trajectory";

export type ToolName = "select" | "one-click" | "rectangle" | "box";

/** What of an opened task the bench stands on. */
export type BenchParts = Pick<
  Workspace,
  "scene" | "clock" | "store" | "editor" | "selection" | "commands" | "keymap" | "assets"
>;

export class Bench {
  readonly scene: Scene;
  readonly clock: Clock;
  readonly store: DocumentStore;
  readonly editor: Editor;
  readonly selection: Selection;
  readonly commands: CommandRegistry;
  readonly keymap: KeyMap;
  readonly assets: AssetClient<ImageBitmap>;
  readonly cloud: Signal<PointCloud | null> = signal(null);
  readonly tool: Signal<ToolName> = signal("select");
  /** The class of what is drawn next. */
  readonly classKey: Signal<string>;
  readonly egoFromWorld: ReadonlySignal<Rigid>;
  readonly worldFromEgo: ReadonlySignal<Rigid>;
  readonly selected: ReadonlySignal<LabelledObject | null>;
  /** The chosen object at the shown time, drag included. */
  readonly selectedCuboid: ReadonlySignal<Cuboid | null>;
  readonly selectedEgo: ReadonlySignal<Cuboid | null>;
  /** The same without the drag. */
  readonly committedEgo: ReadonlySignal<Cuboid | null>;

  /** Where the chosen object would be, while nothing says that it is anywhere now; ego frame. */
  readonly ghostEgo: ReadonlySignal<Cuboid | null>;

  constructor(parts: BenchParts) {
    this.scene = parts.scene;
    this.clock = parts.clock;
    this.store = parts.store;
    this.editor = parts.editor;
    this.selection = parts.selection;
    this.commands = parts.commands;
    this.keymap = parts.keymap;
    this.assets = parts.assets;
    this.classKey = signal([...parts.store.classes.keys()][0] ?? "");
    this.egoFromWorld = computed(() => this.scene.egoFromWorld(this.clock.at_ns.value));
    this.worldFromEgo = computed(() => inverse(this.egoFromWorld.value));
    this.selected = computed(() => {
      const id = this.selection.object.value;
      return id ? this.store.object(id).value : null;
    });
    this.selectedCuboid = computed(() => this.cuboidOf(this.selected.value));
    this.selectedEgo = computed(() => this.toEgo(this.selectedCuboid.value));
    this.ghostEgo = computed(() => {
      const object = this.selected.value;
      if (!object || this.selectedCuboid.value) return null;
      return this.toEgo(expectedGhost(this.store, object, this.clock.at_ns.value));
    });
    this.committedEgo = computed(() => {
      const id = this.selection.object.value;
      return this.toEgo(this.cuboidOf(id ? (this.store.committed.value.get(id) ?? null) : null));
    });
  }

  private cuboidOf(object: LabelledObject | null): Cuboid | null {
    return object ? this.store.cuboidAt(object, this.clock.at_ns.value) : null;
  }

  toEgo(cuboid: Cuboid | null): Cuboid | null {
    return cuboid ? transformed(this.egoFromWorld.value, cuboid) : null;
  }

  /** From the ego frame of another moment. */
  toWorldAt(cuboid: Cuboid, at_ns: AtNs): Cuboid {
    return transformed(this.scene.worldFromEgo(at_ns), cuboid);
  }

  toWorld(cuboid: Cuboid): Cuboid {
    return transformed(this.worldFromEgo.value, cuboid);
  }

  get currentClass(): LabelClass | null {
    return this.store.classes.get(this.classKey.value) ?? null;
  }

  classOf(object: LabelledObject | null): LabelClass | null {
    return object ? this.store.classOf(object) : null;
  }

  /** When a camera took its picture of the shown frame. */
  cameraTime(sensor: SensorKey): number {
    return this.scene.captureTime(this.clock.frame.value, sensor);
  }
}

/** Further from its keys than this nobody guesses where it is. */
const LONGEST_GUESS_NS = 3_000_000_000;

/** Where an object that has no cuboid at a time would be; null where it is said to be absent, or too long unseen. */
export function expectedGhost(
  store: DocumentStore,
  object: LabelledObject,
  at_ns: AtNs,
): Cuboid | null {
  const keys = worldKeys(object);
  const before = keys[lastAtOrBefore(keys, at_ns)];
  if (before?.absent || keys.length === 0) return null;
  const nearest = Math.min(...keys.map((key) => Math.abs(key.at_ns - at_ns)));
  if (nearest > LONGEST_GUESS_NS) return null;
  const found = predict(object, store.standardOf(object).isVehicle, at_ns);
  return found?.beyond ? found.cuboid : null;
}

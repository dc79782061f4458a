/** How this person looks at the scene: cameras of the views, colours, sizes. Nothing of it is a label. */

import { type Signal, signal } from "@preact/signals";
import type { Scope } from "../core/keymap";
import type { Cuboid, SensorKey } from "../core/types";
import type { ColourMode } from "../render/colour-modes";
import type { PaletteName } from "../render/palettes";
import type { SideName } from "../tools/side-plans";
import type { PaneFit } from "./image/pane-fit";
import type { Size } from "./lens";
import { type MainState, START } from "./orbit";

export type ThemeName = "dark" | "light";

/** What a person keeps from day to day. */
export interface ViewPreferences {
  readonly theme: ThemeName;
  readonly colour: ColourMode;
  readonly palette: PaletteName;
  readonly pointSize_px: number;
  readonly pointsOnImages: boolean;
  readonly labels: boolean;
  readonly sideWidth_px: number;
  readonly panelWidth_px: number;
  readonly stripHeight_px: number;
  readonly bigShare: number;
}

export const DEFAULT_PREFERENCES: ViewPreferences = {
  theme: "dark",
  colour: "height",
  palette: "viridis",
  pointSize_px: 2,
  pointsOnImages: false,
  labels: true,
  sideWidth_px: 0,
  panelWidth_px: 0,
  stripHeight_px: 0,
  bigShare: 0.5,
};

/** A drag in one of the side views: what the views stay locked to until the hand lets go. */
export interface SideHold {
  readonly side: SideName;
  readonly anchor: Cuboid;
  /** The box turns: the other two views follow it. */
  readonly turning: boolean;
}

export class ViewState {
  readonly preferences: Signal<ViewPreferences> = signal(DEFAULT_PREFERENCES);
  readonly main: Signal<MainState> = signal(START);
  readonly mainSize: Signal<Size> = signal({ width: 1, height: 1 });
  readonly sideScale: Readonly<Record<SideName, Signal<number | null>>> = {
    top: signal(null),
    side: signal(null),
    rear: signal(null),
  };
  readonly hold: Signal<SideHold | null> = signal(null);
  /** The pane that keys act on: the one under the mouse or with the focus. */
  readonly pane: Signal<Scope> = signal("main");
  readonly side: Signal<SideName> = signal("top");
  /** Only the chosen object and its points are shown. */
  readonly isolated: Signal<boolean> = signal(false);
  /** The camera that is shown large under the main view. */
  readonly bigCamera: Signal<SensorKey | null> = signal(null);
  /** The large camera follows the choice of object. */
  readonly bigFollows: Signal<boolean> = signal(true);

  /** The large picture's own zoom, while there is one. */
  readonly bigPane: Signal<PaneFit | null> = signal(null);

  readonly bigFit = (fit: PaneFit): (() => void) => {
    this.bigPane.value = fit;
    return () => {
      if (this.bigPane.peek() === fit) this.bigPane.value = null;
    };
  };

  set<K extends keyof ViewPreferences>(name: K, value: ViewPreferences[K]): void {
    this.preferences.value = { ...this.preferences.peek(), [name]: value };
  }
}

/** All cameras in a row, the one that sees the chosen object best marked; and the large one under the main view. */

import { useDesk } from "../../views/desk";
import type { ImageIntents } from "../../views/image/image-pointer";
import type { CameraState } from "../../views/image/image-state";
import { ImageView } from "../../views/image/image-view";
import { CommandButton } from "../controls/command-button";

interface StripProps {
  readonly cameras: readonly CameraState[];
  readonly intents: ImageIntents;
}

export function CameraStrip({ cameras, intents }: StripProps) {
  const desk = useDesk();
  const best = desk.bestCamera.value;
  if (cameras.length === 0) return null;
  const aspects = cameras.reduce((sum, { size }) => sum + size.width / size.height, 0);
  return (
    <section class="strip" aria-label="Cameras" style={{ "--aspects": aspects }}>
      {cameras.map((state) => (
        <div
          key={state.camera.key}
          class={`tile${state.camera.key === best ? " best" : ""}${state.camera.key === desk.view.bigCamera.value ? " enlarged" : ""}`}
          style={{ flexGrow: state.size.width / state.size.height }}
        >
          <ImageView state={state} intents={intents} large={false} />
        </div>
      ))}
    </section>
  );
}

export function LargeCamera({ cameras, intents }: StripProps) {
  const { view } = useDesk();
  const state = cameras.find((each) => each.camera.key === view.bigCamera.value);
  if (!state) return null;
  return (
    <div class="large-camera">
      <ImageView
        key={state.camera.key}
        state={state}
        intents={intents}
        large={true}
        onFit={view.bigFit}
      />
      <div class="pane-tools">
        <CommandButton command="box.link" icon="link" />
        <CommandButton command="box.not-visible" icon="absent" />
        <CommandButton command="box.reset" icon="undo" />
        <button
          type="button"
          aria-pressed={view.bigPane.value?.follows.value ?? false}
          title="Keep the chosen object in the middle (Home over the picture)"
          onClick={() => {
            const pane = view.bigPane.peek();
            if (pane) pane.follows.value = !pane.follows.peek();
          }}
        >
          Zoom to object
        </button>
        <button
          type="button"
          aria-pressed={view.bigFollows.value}
          title="Show the camera that sees the chosen object best"
          onClick={() => {
            view.bigFollows.value = !view.bigFollows.value;
          }}
        >
          Best camera
        </button>
        <button
          type="button"
          title="Close the large picture (Esc)"
          aria-label="Close the large picture"
          onClick={() => {
            view.bigCamera.value = null;
          }}
        >
          ✕
        </button>
      </div>
    </div>
  );
}

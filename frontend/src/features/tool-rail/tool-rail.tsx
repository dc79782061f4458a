/** Tools and ways of looking, in a column; every button's tooltip shows its key. */

import type { ToolName } from "../../tools/bench";
import { useDesk } from "../../views/desk";
import { CommandButton } from "../controls/command-button";
import type { IconName } from "../controls/icon";

const TOOLS: readonly (readonly [ToolName, IconName])[] = [
  ["select", "select"],
  ["one-click", "click"],
  ["rectangle", "rectangle"],
  ["box", "box"],
];

const MODE_SHORT = { height: "HAG", intensity: "INT", range: "RNG", single: "1C" } as const;

export function ToolRail() {
  const { bench, view } = useDesk();
  const { colour, pointSize_px, pointsOnImages, labels } = view.preferences.value;
  return (
    <nav class="tool-rail" aria-label="Tools">
      {TOOLS.map(([name, icon]) => (
        <CommandButton
          key={name}
          command={`tool.${name}`}
          icon={icon}
          pressed={bench.tool.value === name}
        />
      ))}
      <hr />
      <CommandButton
        command="view.above"
        icon={view.main.value.kind === "plan" ? "orbit" : "top"}
      />
      <CommandButton command="view.isolate" icon="isolate" pressed={view.isolated.value} />
      <CommandButton command="view.labels" icon="labels" pressed={labels} />
      <CommandButton command="view.image-points" icon="points" pressed={pointsOnImages} />
      <hr />
      <CommandButton command="view.colour" class="text">
        {MODE_SHORT[colour]}
      </CommandButton>
      <CommandButton command="view.palette" class="text palette">
        <i class={`palette-bar ${view.preferences.value.palette}`} />
      </CommandButton>
      <CommandButton command="view.larger" class="text">
        +
      </CommandButton>
      <output class="size" title="Size of a point">
        {pointSize_px}
      </output>
      <CommandButton command="view.smaller" class="text">
        −
      </CommandButton>
    </nav>
  );
}

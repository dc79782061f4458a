/** Every command with its live keys, by group; keys can be set anew here. */

import { useState } from "preact/hooks";
import type { Command } from "../../core/commands";
import { chordLabel, chordsOf } from "../../core/keymap";
import { useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";
import { Dialog } from "./dialog";

const MODIFIERS: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "Meta"]);

function isVariants(group: string): boolean {
  return group.startsWith("Larger");
}

function grouped(commands: readonly Command[]): ReadonlyMap<string, readonly Command[]> {
  const groups = new Map<string, Command[]>();
  for (const command of commands)
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  // The longest list of variants comes last.
  return new Map([...groups].sort(([a], [b]) => Number(isVariants(a)) - Number(isVariants(b))));
}

export function HelpOverlay({ chrome }: { readonly chrome: Chrome }) {
  if (!chrome.help.value) return null;
  return <Help chrome={chrome} />;
}

function Help({ chrome }: { readonly chrome: Chrome }) {
  const { bench } = useDesk();
  const { keymap, commands } = bench;
  const [setting, setSetting] = useState<string | null>(null);
  const clashes = keymap.clashes();
  const singleKeys = keymap.settings.value.singleKeys;
  const take = (event: KeyboardEvent) => {
    if (!setting || MODIFIERS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== "Escape") keymap.rebind(setting, [chordsOf(event)[0] ?? event.key]);
    setSetting(null);
  };
  return (
    <Dialog
      title="Keys"
      class="help"
      onClose={() => {
        chrome.help.value = false;
      }}
    >
      <header>
        <h2>Keys</h2>
        <label class="switch">
          <input
            type="checkbox"
            checked={singleKeys}
            onChange={(event) => {
              keymap.settings.value = {
                ...keymap.settings.peek(),
                singleKeys: event.currentTarget.checked,
              };
            }}
          />
          single letters
        </label>
        <p>Click a key to set another. Keys act on the view under the mouse.</p>
      </header>
      {clashes.length > 0 && (
        <p class="clash" role="alert">
          {clashes.map(({ chord }) => chordLabel(chord)).join(", ")}: used twice
        </p>
      )}
      <div class="help-groups" onKeyDownCapture={take}>
        {[...grouped(commands.list.value)].map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {members.map((command) => (
                <HelpLine
                  key={command.id}
                  label={command.label}
                  chords={keymap.chordsFor(command)}
                  changed={command.id in keymap.settings.value.remap}
                  setting={setting === command.id}
                  onSet={() => setSetting(command.id)}
                  onReset={() => keymap.rebind(command.id, null)}
                />
              ))}
            </dl>
          </section>
        ))}
        <MouseHelp />
      </div>
    </Dialog>
  );
}

interface LineProps {
  readonly label: string;
  readonly chords: readonly string[];
  readonly changed: boolean;
  readonly setting: boolean;
  readonly onSet: () => void;
  readonly onReset: () => void;
}

function HelpLine({ label, chords, changed, setting, onSet, onReset }: LineProps) {
  return (
    <div class={changed ? "changed" : ""}>
      <dt>{label}</dt>
      <dd>
        <button
          type="button"
          class="keys"
          onClick={onSet}
          aria-label={`Keys of ${label}: set anew`}
        >
          {setting
            ? "press a key"
            : chords.length === 0
              ? "none"
              : chords.map((chord) => <kbd key={chord}>{chordLabel(chord)}</kbd>)}
        </button>
        {changed && (
          <button type="button" class="link" onClick={onReset}>
            reset
          </button>
        )}
      </dd>
    </div>
  );
}

const MOUSE: readonly (readonly [string, string])[] = [
  ["Drag", "turn about the point under the mouse"],
  ["Right or Shift drag", "shift the view"],
  ["Wheel", "nearer to the point under the mouse"],
  ["Click a box", "choose it; drag the chosen one to move it"],
  ["Alt click", "cuboid for what is under the mouse"],
  ["Ctrl drag", "cuboid by rectangle; the drag's direction is the heading"],
  ["Side view: drag a line", "move that face; Shift keeps the size, Ctrl snaps to points"],
  ["Side view: double click", "fit that face, corner or all; on the heading: flip"],
];

function MouseHelp() {
  return (
    <section>
      <h3>Mouse</h3>
      <dl>
        {MOUSE.map(([gesture, meaning]) => (
          <div key={gesture} class="mouse">
            <dt>{gesture}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

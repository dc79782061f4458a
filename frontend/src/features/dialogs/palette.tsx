/** Ctrl+K: every command by a few letters of its name. */

import { useMemo, useState } from "preact/hooks";
import type { Command } from "../../core/commands";
import { useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";
import { keyText } from "../controls/command-button";
import { Dialog } from "./dialog";
import { found } from "./palette-search";

const MOST_SHOWN = 12;
const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowUp: -1 };

export function PaletteOverlay({ chrome }: { readonly chrome: Chrome }) {
  return chrome.palette.value ? <Palette chrome={chrome} /> : null;
}

function Palette({ chrome }: { readonly chrome: Chrome }) {
  const { bench } = useDesk();
  const [words, setWords] = useState("");
  const [place, setPlace] = useState(0);
  const commands = bench.commands.list.value;
  const shown = useMemo(() => found(commands, words).slice(0, MOST_SHOWN), [commands, words]);
  const close = () => {
    chrome.palette.value = false;
  };
  const run = (command: Command | undefined) => {
    if (!command || !bench.commands.canRun(command.id)) return;
    close();
    // The dialog has to be gone first: commands look at where the keyboard is.
    queueMicrotask(() => bench.commands.run(command.id));
  };
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key] ?? 0;
    if (event.key === "Enter") run(shown[place]);
    if (step === 0) return;
    event.preventDefault();
    setPlace((place + step + shown.length) % Math.max(shown.length, 1));
  };
  return (
    <Dialog title="Commands" class="palette-dialog" onClose={close}>
      <input
        class="text-field"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={shown[place] ? `palette-${shown[place].id}` : undefined}
        placeholder="What do you want to do?"
        aria-label="Command"
        value={words}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setPlace(0);
        }}
        onKeyDown={press}
      />
      <div
        id="palette-list"
        class="palette-list"
        role="listbox"
        tabIndex={-1}
        aria-label="Commands"
      >
        {shown.map((command, n) => (
          <button
            key={command.id}
            id={`palette-${command.id}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={n === place}
            aria-disabled={!bench.commands.canRun(command.id)}
            onClick={() => run(command)}
          >
            <small>{command.group}</small> {command.label}
            <kbd>{keyText(bench, command.id)}</kbd>
          </button>
        ))}
        {shown.length === 0 && <p class="panel-note">No command has such a name.</p>}
      </div>
    </Dialog>
  );
}

/** A button that runs a command: its tooltip shows the live key, it greys out when it cannot run. */

import type { ComponentChildren } from "preact";
import { chordLabel } from "../../core/keymap";
import type { Bench } from "../../tools/bench";
import { useDesk } from "../../views/desk";
import { Icon, type IconName } from "./icon";

/** The first key of a command as people read it, or nothing. */
export function keyText({ commands, keymap }: Bench, id: string): string {
  const command = commands.get(id);
  const chord = command ? keymap.chordsFor(command)[0] : undefined;
  return chord ? chordLabel(chord) : "";
}

interface Props {
  readonly command: string;
  readonly icon?: IconName;
  readonly pressed?: boolean;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

export function CommandButton({ command: id, icon, pressed, class: name = "", children }: Props) {
  const { bench } = useDesk();
  bench.commands.list.value;
  const command = bench.commands.get(id);
  if (!command) return null;
  const key = keyText(bench, id);
  return (
    <button
      type="button"
      class={`command ${name}`}
      title={key ? `${command.label} (${key})` : command.label}
      aria-label={children ? undefined : command.label}
      aria-pressed={pressed}
      aria-keyshortcuts={key || undefined}
      disabled={!(command.when?.() ?? true)}
      onClick={() => bench.commands.run(id)}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

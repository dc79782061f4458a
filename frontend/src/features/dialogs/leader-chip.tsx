/** A leader key was pressed and waits for its letter. */

import { chordLabel } from "../../core/keymap";
import { useDesk } from "../../views/desk";

export function LeaderChip() {
  const { bench } = useDesk();
  const leader = bench.keymap.leader.value;
  if (!leader) return null;
  const followers = bench.commands.list.value.flatMap((command) =>
    bench.keymap
      .chordsFor(command)
      .filter((chord) => chord.startsWith(`${leader} `))
      .map((chord) => ({
        id: command.id,
        letter: chordLabel(chord.slice(leader.length + 1)),
        label: command.label,
      })),
  );
  return (
    <output class="leader-chip">
      {chordLabel(leader)}
      {followers.map(({ id, letter, label }) => (
        <span key={id}>
          {" "}
          <kbd>{letter}</kbd> {label.toLowerCase()}
        </span>
      ))}
    </output>
  );
}

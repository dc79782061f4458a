/** Everything that can be done by name: keys, the palette and buttons all run commands. */

import type { Scope } from "./keymap";
import { type ReadonlySignal, type Signal, signal } from "./signals";

export interface Command {
  /** "cuboid.forward": stable, remaps are kept under it. */
  readonly id: string;
  readonly label: string;
  /** Heading in the help overlay. */
  readonly group: string;
  /** Default chords, see keymap.ts; may be empty. */
  readonly keys: readonly string[];
  /** Where its keys count; everywhere when left out. */
  readonly scope?: Scope;
  /** Whether holding the key down repeats it. */
  readonly repeats?: boolean;
  /** May it run now? Always, when left out. */
  readonly when?: () => boolean;
  readonly run: () => void | Promise<void>;
}

export class CommandRegistry {
  private readonly commands = new Map<string, Command>();
  private readonly listSignal: Signal<readonly Command[]> = signal([]);

  /** For the palette and the help overlay, in order of registration. */
  get list(): ReadonlySignal<readonly Command[]> {
    return this.listSignal;
  }

  /** Throws RangeError when an id is taken. Returns what takes them out again. */
  register(...commands: readonly Command[]): () => void {
    for (const command of commands) {
      if (this.commands.has(command.id))
        throw new RangeError(`command ${command.id} exists twice`);
      this.commands.set(command.id, command);
    }
    this.listSignal.value = [...this.commands.values()];
    return () => {
      for (const { id } of commands) this.commands.delete(id);
      this.listSignal.value = [...this.commands.values()];
    };
  }

  get(id: string): Command | null {
    return this.commands.get(id) ?? null;
  }

  canRun(id: string): boolean {
    const command = this.commands.get(id);
    return command !== undefined && (command.when?.() ?? true);
  }

  /** Runs a command that may run now; says whether it did. */
  run(id: string): boolean {
    if (!this.canRun(id)) return false;
    void this.commands.get(id)?.run();
    return true;
  }
}

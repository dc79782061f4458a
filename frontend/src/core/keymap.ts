/**
 * From keys to commands. A chord is modifiers and one key: "code:KeyW" is the place on the keyboard (movement),
 * "z" what is printed on it (mnemonics), "Shift+x", "Ctrl+Shift+z", "Alt+code:KeyA". Two chords after one another, as
 * "code:Backquote s", are a leader and its letter. "Ctrl" is also the Mac's command key.
 */

import type { Command, CommandRegistry } from "./commands";
import { type ReadonlySignal, type Signal, signal } from "./signals";

/** Where the keyboard is: a pane, a text field, a dialog. */
export type Scope = "global" | "main" | "side" | "image" | "list" | "timeline" | "dialog" | "text";

/** What of a KeyboardEvent matters here. */
export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
}

/** Chords that a person set in place of a command's own, by command id. */
export type Remap = { readonly [command: string]: readonly string[] };

export interface KeySettings {
  readonly remap: Remap;
  /** Single letters without a modifier can be switched off (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

export const DEFAULT_KEYS: KeySettings = { remap: {}, singleKeys: true };
const LEADER_PATIENCE_MS = 1500;

export interface Clash {
  readonly chord: string;
  readonly commands: readonly string[];
}

/** Scopes that overlap in time: a command without one counts everywhere but in text and dialogs. */
function scopesMeet(a: Scope | undefined, b: Scope | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** The names that a key press answers to: by place and by print. */
export function chordsOf(press: KeyPress): readonly string[] {
  const before = (withShift: boolean) =>
    [
      press.ctrlKey || press.metaKey ? "Ctrl+" : "",
      press.altKey ? "Alt+" : "",
      withShift && press.shiftKey ? "Shift+" : "",
    ].join("");
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const printed = key === " " ? "Space" : key;
  const isLetter = printed.toLowerCase() !== printed.toUpperCase();
  // For signs such as ? and < the shift key is only how one types them.
  const names = [`${before(true)}code:${press.code}`, `${before(isLetter)}${printed}`];
  return isLetter || !press.shiftKey ? names : [...names, `${before(true)}${printed}`];
}

/** Modifiers in one order and letters small, so that two spellings of a chord are one. */
export function normalizedChord(chord: string): string {
  return chord
    .trim()
    .split(/\s+/)
    .map((part) => {
      const pieces = part === "+" || part.endsWith("++") ? splitPlus(part) : part.split("+");
      const key = pieces.at(-1) ?? "";
      const has = (name: string) => pieces.slice(0, -1).includes(name);
      const modifiers = ["Ctrl", "Alt", "Shift"].filter(has).map((name) => `${name}+`);
      return modifiers.join("") + (key.length === 1 ? key.toLowerCase() : key);
    })
    .join(" ");
}

/** A chord whose key is the plus sign itself. */
function splitPlus(part: string): readonly string[] {
  return [...part.slice(0, -1).split("+").filter(Boolean), "+"];
}

/** A chord as people read it: "⇧ W", "Ctrl Z", "` then s". */
export function chordLabel(chord: string): string {
  const names: { readonly [key: string]: string } = {
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    Escape: "Esc",
    Delete: "Del",
    Backquote: "`",
    BracketLeft: "[",
    BracketRight: "]",
  };
  return normalizedChord(chord)
    .split(" ")
    .map((part) =>
      part
        .replace("code:", "")
        .replace(/Key([A-Z])$/, "$1")
        .replace(/Digit([0-9])$/, "$1"),
    )
    .map((part) =>
      (part.endsWith("+") ? splitPlus(part) : part.split("+"))
        .map((piece) => names[piece] ?? (piece.length === 1 ? piece.toUpperCase() : piece))
        .join(" "),
    )
    .join(" then ");
}

function isSingleKey(chord: string): boolean {
  const plain = chord.replace("code:", "");
  return /^(Key[A-Z]|Digit[0-9]|.)$/u.test(plain) && !plain.includes("+");
}

export class KeyMap {
  readonly settings: Signal<KeySettings> = signal(DEFAULT_KEYS);
  /** The leader that waits for its letter, to be shown; null otherwise. */
  readonly leader: ReadonlySignal<string | null>;
  private readonly leaderSignal: Signal<string | null> = signal(null);
  private leaderUntil_ms = 0;

  constructor(
    private readonly commands: CommandRegistry,
    private readonly now_ms: () => number = Date.now,
  ) {
    this.leader = this.leaderSignal;
  }

  /** The chords that run a command now. */
  chordsFor(command: Command): readonly string[] {
    const { remap, singleKeys } = this.settings.value;
    const chords = (remap[command.id] ?? command.keys).map(normalizedChord);
    return singleKeys ? chords : chords.filter((chord) => !isSingleKey(chord));
  }

  /** Sets a person's own chords for a command; null goes back to its own. */
  rebind(command: string, chords: readonly string[] | null): void {
    const { [command]: _old, ...others } = this.settings.peek().remap;
    const remap = chords ? { ...others, [command]: chords.map(normalizedChord) } : others;
    this.settings.value = { ...this.settings.peek(), remap };
  }

  /** Chords that would run two commands in one place. */
  clashes(): readonly Clash[] {
    const byChord = new Map<string, Command[]>();
    for (const command of this.commands.list.value) {
      for (const chord of this.chordsFor(command)) {
        byChord.set(chord, [...(byChord.get(chord) ?? []), command]);
      }
    }
    return [...byChord].flatMap(([chord, commands]) => {
      const clashing = commands.filter((one) =>
        commands.some((other) => other !== one && scopesMeet(one.scope, other.scope)),
      );
      return clashing.length > 0 ? [{ chord, commands: clashing.map(({ id }) => id) }] : [];
    });
  }

  /** The command that a key press means where the keyboard is, or null. A leader is taken and remembered: "leader". */
  resolve(press: KeyPress, scope: Scope): Command | "leader" | null {
    const waiting = this.now_ms() < this.leaderUntil_ms ? this.leaderSignal.peek() : null;
    this.leaderSignal.value = null;
    const pressed = chordsOf(press).map(normalizedChord);
    const wanted = waiting ? pressed.map((chord) => `${waiting} ${chord}`) : pressed;
    const command = this.find(wanted, scope, press.repeat);
    if (command || waiting) return command;
    return this.startLeader(pressed, scope) ? "leader" : null;
  }

  /** Resolves and runs; says whether the press was taken, so that the browser's own meaning can be stopped. */
  press(press: KeyPress, scope: Scope): boolean {
    const command = this.resolve(press, scope);
    if (command === null) return false;
    return command === "leader" || this.commands.run(command.id);
  }

  private find(chords: readonly string[], scope: Scope, repeat: boolean): Command | null {
    const fits = this.commands.list.peek().filter((command) => {
      if (repeat && !command.repeats) return false;
      if (!this.countsIn(command, scope)) return false;
      return this.chordsFor(command).some((chord) => chords.includes(chord));
    });
    const able = fits.filter((command) => this.commands.canRun(command.id));
    return able.find((command) => command.scope === scope) ?? able[0] ?? null;
  }

  private countsIn(command: Command, scope: Scope): boolean {
    if (command.scope === scope) return true;
    if (scope === "text" || scope === "dialog") {
      // In a text field or dialog only its own commands count: letters are text there.
      return false;
    }
    return command.scope === undefined || command.scope === "global";
  }

  private startLeader(pressed: readonly string[], scope: Scope): boolean {
    const leads = this.commands.list
      .peek()
      .filter((command) => this.countsIn(command, scope))
      .flatMap((command) => this.chordsFor(command))
      .filter((chord) => chord.includes(" "))
      .map((chord) => chord.split(" ")[0] ?? "");
    const leader = pressed.find((chord) => leads.includes(chord));
    if (!leader) return false;
    this.leaderSignal.value = leader;
    this.leaderUntil_ms = this.now_ms() + LEADER_PATIENCE_MS;
    return true;
  }
}

import { describe, expect, it } from "vitest";
import { type Command, CommandRegistry } from "./commands";
import { chordLabel, chordsOf, KeyMap, type KeyPress, normalizedChord } from "./keymap";

function press(code: string, key: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  const none = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, repeat: false };
  return { code, key, ...none, ...modifiers };
}

function command(id: string, keys: readonly string[], more: Partial<Command> = {}): Command {
  return { id, label: id, group: "Test", keys, run: () => undefined, ...more };
}

function mapWith(...commands: readonly Command[]) {
  const registry = new CommandRegistry();
  registry.register(...commands);
  const time = { ms: 0 };
  return { registry, keymap: new KeyMap(registry, () => time.ms), time };
}

function idOf(found: Command | "leader" | null): string | null {
  return typeof found === "object" ? (found?.id ?? null) : found;
}

describe("chords", () => {
  it("are written one way", () => {
    expect(normalizedChord("Shift+Ctrl+Z")).toBe("Ctrl+Shift+z");
    expect(normalizedChord("Ctrl++")).toBe("Ctrl++");
    expect(normalizedChord("code:Backquote  S")).toBe("code:Backquote s");
  });

  it("name a key by its place and by its print", () => {
    expect(chordsOf(press("KeyW", "w", { shiftKey: true }))).toEqual([
      "Shift+code:KeyW",
      "Shift+w",
    ]);
    expect(chordsOf(press("KeyZ", "y", { metaKey: true }))).toEqual(["Ctrl+code:KeyZ", "Ctrl+y"]);
    expect(chordsOf(press("Slash", "?", { shiftKey: true }))).toContain("?");
    expect(chordsOf(press("Space", " "))).toContain("Space");
  });

  it("read well", () => {
    expect(chordLabel("Shift+code:KeyW")).toBe("Shift W");
    expect(chordLabel("code:Backquote s")).toBe("` then S");
    expect(chordLabel("Ctrl+ArrowUp")).toBe("Ctrl ↑");
  });
});

describe("the key map", () => {
  it("moves by place, whatever the keyboard prints there", () => {
    const { keymap } = mapWith(command("forward", ["code:KeyW"]));

    expect(idOf(keymap.resolve(press("KeyW", "z"), "main"))).toBe("forward");
    expect(idOf(keymap.resolve(press("KeyZ", "w"), "main"))).toBe(null);
  });

  it("means the print for mnemonics", () => {
    const { keymap } = mapWith(command("undo", ["Ctrl+z"]));

    expect(idOf(keymap.resolve(press("KeyW", "z", { ctrlKey: true }), "main"))).toBe("undo");
  });

  it("tells a chord with a modifier from one without", () => {
    const { keymap } = mapWith(command("flip", ["x"]), command("quarter", ["Shift+x"]));

    expect(idOf(keymap.resolve(press("KeyX", "x"), "main"))).toBe("flip");
    expect(idOf(keymap.resolve(press("KeyX", "X", { shiftKey: true }), "main"))).toBe("quarter");
  });

  it("waits for the letter after a leader, but not for ever", () => {
    const { keymap, time } = mapWith(
      command("tool.select", ["code:Backquote s"]),
      command("back", ["code:KeyS"]),
    );

    const leader = keymap.resolve(press("Backquote", "`"), "main");
    const shown = keymap.leader.value;
    const tool = keymap.resolve(press("KeyS", "s"), "main");
    keymap.resolve(press("Backquote", "`"), "main");
    time.ms += 5000;
    const late = keymap.resolve(press("KeyS", "s"), "main");

    expect(leader).toBe("leader");
    expect(shown).toBe("code:Backquote");
    expect(idOf(tool)).toBe("tool.select");
    expect(idOf(late)).toBe("back");
    expect(keymap.leader.value).toBe(null);
  });

  it("leaves text fields alone, but for their own keys", () => {
    const { keymap } = mapWith(
      command("forward", ["code:KeyW"]),
      command("apply", ["Enter"], { scope: "text" }),
    );

    expect(idOf(keymap.resolve(press("KeyW", "w"), "text"))).toBe(null);
    expect(idOf(keymap.resolve(press("Enter", "Enter"), "text"))).toBe("apply");
    expect(idOf(keymap.resolve(press("Enter", "Enter"), "main"))).toBe(null);
  });

  it("prefers the command of the place where the keyboard is, and one that can run", () => {
    const able = { now: false };
    const { keymap } = mapWith(
      command("everywhere", ["Enter"]),
      command("here", ["Enter"], { scope: "list", when: () => able.now }),
    );

    const before = idOf(keymap.resolve(press("Enter", "Enter"), "list"));
    able.now = true;
    const after = idOf(keymap.resolve(press("Enter", "Enter"), "list"));

    expect([before, after]).toEqual(["everywhere", "here"]);
  });

  it("repeats only what may be repeated", () => {
    const { keymap } = mapWith(
      command("forward", ["code:KeyW"], { repeats: true }),
      command("delete", ["Delete"]),
    );

    expect(idOf(keymap.resolve(press("KeyW", "w", { repeat: true }), "main"))).toBe("forward");
    expect(idOf(keymap.resolve(press("Delete", "Delete", { repeat: true }), "main"))).toBe(null);
  });

  it("can be set anew, and says where two commands clash", () => {
    const { keymap } = mapWith(command("a", ["x"]), command("b", ["z"]));

    keymap.rebind("b", ["x"]);
    const clashes = keymap.clashes();
    keymap.rebind("a", ["z"]);
    const swapped = idOf(keymap.resolve(press("KeyX", "x"), "main"));
    keymap.rebind("a", null);
    keymap.rebind("b", null);

    expect(clashes).toEqual([{ chord: "x", commands: ["a", "b"] }]);
    expect(swapped).toBe("b");
    expect(keymap.clashes()).toEqual([]);
    expect(idOf(keymap.resolve(press("KeyX", "x"), "main"))).toBe("a");
  });

  it("goes without single letters when a person switches them off", () => {
    const { keymap } = mapWith(command("flip", ["x", "Alt+x"]));

    keymap.settings.value = { ...keymap.settings.value, singleKeys: false };

    expect(idOf(keymap.resolve(press("KeyX", "x"), "main"))).toBe(null);
    expect(idOf(keymap.resolve(press("KeyX", "x", { altKey: true }), "main"))).toBe("flip");
  });

  it("runs what it finds, and says whether it did", () => {
    let ran = 0;
    const { keymap, registry } = mapWith(
      command("count", ["c"], {
        run: () => {
          ran += 1;
        },
      }),
    );

    const taken = keymap.press(press("KeyC", "c"), "main");
    const other = keymap.press(press("KeyV", "v"), "main");

    expect([taken, other, ran]).toEqual([true, false, 1]);
    expect(() => registry.register(command("count", []))).toThrow("twice");
  });
});

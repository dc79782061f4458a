/** Commands are found by a few letters of their names. */

import { expect, it } from "vitest";
import type { Command } from "../../core/commands";
import { found, score } from "./palette-search";

function command(label: string, group: string): Command {
  return { id: label, label, group, keys: [], run: () => undefined };
}

const COMMANDS = [
  command("Put on the ground", "Fit"),
  command("Undo", "Page"),
  command("Move up 2 cm", "Cuboid"),
];

it("wants every word", () => {
  expect(score("Put on the ground Fit", ["ground", "fit"])).not.toBeNull();
  expect(score("Put on the ground Fit", ["ground", "page"])).toBeNull();
});

it("prefers words that begin so", () => {
  expect(found(COMMANDS, "u").map(({ label }) => label)[0]).toBe("Undo");
});

it("shows all to who says nothing", () => {
  expect(found(COMMANDS, " ")).toHaveLength(3);
});

import { expect, test } from "vitest";
import { agoWords } from "./times";

const now = new Date("2026-03-01T12:00:00Z");

test.each([
  ["2026-03-01T11:59:30Z", "just now"],
  ["2026-03-01T11:55:00Z", "5 min ago"],
  ["2026-03-01T09:00:00Z", "3 h ago"],
  ["2026-02-20T12:00:00Z", "9 d ago"],
  ["2026-03-01T12:30:00Z", "in 30 min"],
])("%s is %s", (at, words) => {
  expect(agoWords(new Date(at), now)).toBe(words);
});

test("what is long ago keeps the date that the server wrote", () => {
  expect(agoWords(new Date("2025-06-01T00:00:00Z"), now)).toBeNull();
});

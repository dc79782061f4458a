import { expect, test } from "vitest";
import { listensFor, retryAfterMs } from "./live";

test("a part hears the events that it names", () => {
  expect(listensFor("task.changed findings.changed", "findings.changed")).toBe(true);
  expect(listensFor("task.changed", "findings.changed")).toBe(false);
  expect(listensFor("*", "anything")).toBe(true);
  expect(listensFor(undefined, "anything")).toBe(true);
});

test("retries slow down and stay bounded", () => {
  expect(retryAfterMs(0)).toBe(800);
  expect(retryAfterMs(2)).toBe(3200);
  expect(retryAfterMs(30)).toBe(20_000);
});

/** The query bar's words. */

import { expect, it } from "vitest";
import { matcher, type Row } from "./query";

const ROW: Row = {
  number: 17,
  classKey: "car",
  classLabel: "Car",
  points: 8,
  distance_m: 23.4,
  keys: 2,
  worst: "warning",
  confirmed: false,
  here: true,
  isStatic: false,
};

it.each([
  "",
  "car",
  "#17",
  "17",
  "class:ca",
  "pts<10",
  "dist>20 dist<30",
  "sev>=warn",
  "sev=warning",
  "is:unconfirmed is:here",
  "CAR keys>=2",
])("finds it by %j", (query) => {
  expect(matcher(query)(ROW)).toBe(true);
});

it.each([
  "truck",
  "#1",
  "class:truck",
  "pts>=10",
  "dist<20",
  "sev>=error",
  "is:static",
  "is:nonsense",
])("does not find it by %j", (query) => {
  expect(matcher(query)(ROW)).toBe(false);
});

it("finds no number where there is none", () => {
  expect(matcher("pts<10")({ ...ROW, points: null })).toBe(false);
});

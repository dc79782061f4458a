import { expect, test } from "vitest";
import { cleanSampleSize, qualityWords } from "./quality";

test.each([
  [0.02, 0.95, 149],
  [0.01, 0.95, 299],
  [0.05, 0.9, 45],
  [0.005, 0.99, 919],
])("an error rate of %d at confidence %d needs %d clean objects", (rate, confidence, size) => {
  expect(cleanSampleSize(rate, confidence)).toBe(size);
});

test("the target is said in plain words", () => {
  expect(qualityWords(0.02, 0.95)).toContain("at most 20 are wrong");
});

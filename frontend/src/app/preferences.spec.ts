/** What is kept from an older page is taken over only where it still fits. */

import { expect, it } from "vitest";
import { DEFAULT_PREFERENCES } from "../views/view-state";
import { merged } from "./preferences";

it("takes what is known and of the right kind", () => {
  const kept = JSON.parse('{"theme":"light","pointSize_px":"large","forgotten":1}');
  expect(merged(kept)).toEqual({ ...DEFAULT_PREFERENCES, theme: "light" });
});

/** A person's way of looking is kept in this browser. */

import { effect } from "@preact/signals";
import { readSetting, writeSetting } from "../data/settings";
import type { Shelf } from "../data/shelf";
import { DEFAULT_PREFERENCES, type ViewPreferences, type ViewState } from "../views/view-state";

const NAME = "view";

function isPreferences(value: unknown): value is Partial<ViewPreferences> {
  return typeof value === "object" && value !== null;
}

/** Only what is known and of the right kind is taken over. */
export function merged(kept: Partial<ViewPreferences>): ViewPreferences {
  const known = Object.entries(DEFAULT_PREFERENCES).map(([name, usual]) => {
    const value: unknown = Reflect.get(kept, name);
    return [name, typeof value === typeof usual ? value : usual];
  });
  return { ...DEFAULT_PREFERENCES, ...Object.fromEntries(known) };
}

/** Reads them once, then writes every change; returns what ends it. */
export async function keepPreferences(view: ViewState, shelf: Shelf): Promise<() => void> {
  const kept = await readSetting(shelf, NAME, isPreferences);
  if (kept) view.preferences.value = merged(kept);
  return effect(() => {
    void writeSetting(shelf, NAME, view.preferences.value);
  });
}

/** A person's own settings, kept in this browser. */

import type { Shelf } from "./shelf";

/** Reads a setting; null when it was never set or is not what it should be. */
export async function readSetting<T>(
  shelf: Shelf,
  name: string,
  is: (value: unknown) => value is T,
): Promise<T | null> {
  const value = await shelf.get("settings", name);
  return is(value) ? value : null;
}

export async function writeSetting(shelf: Shelf, name: string, value: unknown): Promise<void> {
  await shelf.put("settings", value, name);
}

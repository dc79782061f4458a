/** Every key press of the page goes through here. */

import type { Scope } from "../core/keymap";
import type { Desk } from "../views/desk";

const TYPED: ReadonlySet<string> = new Set([
  "text",
  "search",
  "number",
  "email",
  "url",
  "password",
]);

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && TYPED.has(target.type);
}

/** Buttons and links keep the keys that press them. */
function pressesButton(event: KeyboardEvent): boolean {
  const { target } = event;
  const pressable = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return pressable && (event.key === "Enter" || event.key === " ");
}

/** A radio or a checkbox keeps the arrows. */
function stepsControl(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLInputElement && event.key.startsWith("Arrow");
}

function scopeOf(event: KeyboardEvent, desk: Desk): Scope {
  return isTyping(event.target) ? "text" : desk.view.pane.peek();
}

/** In a text field only Escape counts: it gives the keyboard back to the views. */
function leaveField({ key, target }: KeyboardEvent): void {
  if (key === "Escape" && target instanceof HTMLElement) target.blur();
}

/** Starts listening; returns what ends it. */
export function listenToKeys(desk: Desk): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.isComposing || pressesButton(event) || stepsControl(event)) return;
    const scope = scopeOf(event, desk);
    if (scope === "text") leaveField(event);
    else if (desk.bench.keymap.press(event, scope)) event.preventDefault();
  };
  window.addEventListener("keydown", press);
  return () => window.removeEventListener("keydown", press);
}

/** Choosing many rows of a table: all of them, and how many are chosen. */

function boxes(form: HTMLElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("input[data-row]")];
}

function tell(form: HTMLElement): void {
  const rows = boxes(form);
  const chosen = rows.filter((row) => row.checked);
  for (const row of rows) row.closest("tr")?.classList.toggle("is-chosen", row.checked);
  for (const place of form.querySelectorAll("[data-chosen-count]")) {
    place.textContent = String(chosen.length);
  }
  for (const button of form.querySelectorAll<HTMLButtonElement>("[data-needs-rows]")) {
    button.disabled = chosen.length === 0;
  }
  const all = form.querySelector<HTMLInputElement>("input[data-all-rows]");
  if (all !== null) {
    all.checked = rows.length > 0 && chosen.length === rows.length;
    all.indeterminate = chosen.length > 0 && chosen.length < rows.length;
  }
}

function onChange(event: Event): void {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) return;
  const form = box.closest<HTMLElement>("[data-bulk]");
  if (form === null) return;
  if (box.dataset["allRows"] !== undefined) {
    for (const row of boxes(form)) row.checked = box.checked;
  }
  tell(form);
}

/** What is chosen survives when fresh rows come in. */
class Choices {
  private readonly held = new Map<HTMLElement, Set<string>>();

  remember(): void {
    for (const form of document.querySelectorAll<HTMLElement>("[data-bulk]")) {
      const chosen = boxes(form).filter((row) => row.checked);
      this.held.set(form, new Set(chosen.map((row) => row.value)));
    }
  }

  restore(): void {
    for (const form of document.querySelectorAll<HTMLElement>("[data-bulk]")) {
      for (const row of boxes(form)) row.checked ||= this.held.get(form)?.has(row.value) ?? false;
      tell(form);
    }
    this.held.clear();
  }
}

/** Wire every table whose rows can be chosen; what htmx swaps in later included. */
export function wireBulk(): void {
  const choices = new Choices();
  document.addEventListener("change", onChange);
  document.addEventListener("htmx:beforeSwap", () => choices.remember());
  document.addEventListener("htmx:afterSettle", () => choices.restore());
  choices.restore();
}

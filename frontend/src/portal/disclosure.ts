/** Things that open and close: the rail on a small screen, menus, dialogs. */

function openRail(button: HTMLElement, rail: HTMLElement, open: boolean): void {
  rail.classList.toggle("is-open", open);
  button.setAttribute("aria-expanded", String(open));
}

function wireRail(button: HTMLElement): void {
  const rail = document.getElementById(button.dataset["toggles"] ?? "");
  if (rail === null) return;
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    openRail(button, rail, !rail.classList.contains("is-open"));
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !rail.contains(event.target))
      openRail(button, rail, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") openRail(button, rail, false);
  });
}

function closeMenus(except: EventTarget | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!(except instanceof Node && menu.contains(except))) menu.open = false;
  }
}

function onClick(event: MouseEvent): void {
  closeMenus(event.target);
  if (!(event.target instanceof Element)) return;
  if (event.target.closest("[data-goes-back]") !== null) history.back();
  const opener = event.target.closest<HTMLElement>("[data-opens]");
  const sheet = document.getElementById(opener?.dataset["opens"] ?? "");
  if (sheet instanceof HTMLDialogElement) sheet.showModal();
  const closer = event.target.closest<HTMLElement>("[data-closes]");
  closer?.closest("dialog")?.close();
}

/** Wire everything that opens and closes, now and in what arrives later. */
export function wireDisclosures(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-toggles]")) wireRail(button);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
  });
}

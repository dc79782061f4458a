/** Buttons that put a text on the clipboard. */

async function copy(button: HTMLElement): Promise<void> {
  const from = document.getElementById(button.dataset["copies"] ?? "");
  const text = from instanceof HTMLInputElement ? from.value : (from?.textContent ?? "");
  await navigator.clipboard.writeText(text.trim());
  button.dataset["copied"] = "";
  const announcer = document.getElementById("announcer");
  if (announcer !== null) announcer.textContent = "Copied.";
}

/** Wire every copy button. */
export function wireCopying(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>("[data-copies]");
    if (button !== null) void copy(button);
  });
}

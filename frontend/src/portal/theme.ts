/** Light, dark, or as the system has it; remembered on this device. */

const KEY = "concord-theme";

type Choice = "light" | "dark" | "auto";

function isChoice(value: string | undefined): value is Choice {
  return value === "light" || value === "dark" || value === "auto";
}

function choose(choice: Choice): void {
  const root = document.documentElement;
  if (choice === "auto") {
    localStorage.removeItem(KEY);
    delete root.dataset["bsTheme"];
  } else {
    localStorage.setItem(KEY, choice);
    root.dataset["bsTheme"] = choice;
  }
}

/** Let the menu's entries change the colours. */
export function offerThemes(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-theme-choice]")) {
    button.addEventListener("click", () => {
      const wanted = button.dataset["themeChoice"];
      if (isChoice(wanted)) choose(wanted);
    });
  }
}

import { signal } from "@preact/signals";

/** `system`: as the machine is set. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const stored = document.documentElement.dataset.theme;

/** The theme that the reader chose. */
export const theme = signal<Theme>(themes.find((one) => one === stored) ?? "system");

const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is dark now; what is drawn on a canvas follows it. */
export const dark = signal(isDark());

function isDark(): boolean {
  return theme.value === "dark" || (theme.value === "system" && systemIsDark.matches);
}

systemIsDark.addEventListener("change", () => {
  dark.value = isDark();
});

/** Keeps the choice for later visits. `public/theme.js` reads it before the first paint. */
export function chooseTheme(choice: Theme): void {
  theme.value = choice;
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  dark.value = isDark();
  try {
    if (choice === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", choice);
  } catch {} // storage is refused: it holds until the page is left
}

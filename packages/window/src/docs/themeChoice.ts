import { chooseTheme, theme, themes } from "../shell/theme.ts";

export function themeChoice(): void {
  const select = document.querySelector<HTMLSelectElement>("#theme");
  if (select === null) return;
  select.value = theme.value;
  select.addEventListener("change", () => {
    chooseTheme(themes.find((one) => one === select.value) ?? "system");
  });
}

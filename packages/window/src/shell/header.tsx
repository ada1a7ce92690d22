import type { JSX } from "preact";

import { path } from "../address/address.ts";
import type { Page } from "./page.ts";
import { chooseTheme, theme, themes } from "./theme.ts";

export function Header({ pages }: { readonly pages: readonly Page[] }): JSX.Element {
  return (
    <header class="top">
      <a class="brand" href="/" aria-current={path.value === "/" ? "page" : undefined}>
        <img src="/icon.svg" alt="" width="22" height="22" />
        Steepest
      </a>
      <nav aria-label="Pages">
        {pages
          .filter(({ group }) => group === "laboratory")
          .map((page) => (
            <a key={page.path} href={page.path} aria-current={path.value === page.path ? "page" : undefined}>
              {page.title}
            </a>
          ))}
        <a href="/#explorables">Explorables</a>
        <a href="/docs/">Docs</a>
      </nav>
      <label class="theme">
        <span class="visually-hidden">Theme</span>
        <select
          value={theme.value}
          onChange={({ currentTarget }) =>
            chooseTheme(themes.find((one) => one === currentTarget.value) ?? "system")
          }
        >
          <option value="system">System</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
    </header>
  );
}

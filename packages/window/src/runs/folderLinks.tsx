import type { JSX } from "preact";

import { link } from "../address/address.ts";
import type { FolderEntry } from "../data/runEntry.ts";

const MOST = 12;

/** Comparisons and sweeps that are there. */
export function FolderLinks({ folders }: { readonly folders: readonly FolderEntry[] }): JSX.Element | null {
  if (folders.length === 0) return null;
  const items = folders.map(({ id, kind }) => (
    <li key={id}>
      <a href={link(kind === "sweep" ? "/sweep" : "/compare", { folder: id })}>{id}</a>
      <span class="quiet"> {kind === "sweep" ? "sweep" : "comparison"}</span>
    </li>
  ));
  return (
    <nav class="folders" aria-label="Comparisons and sweeps">
      <ul>{items.slice(0, MOST)}</ul>
      {items.length > MOST && (
        <details>
          <summary>{items.length - MOST} more</summary>
          <ul>{items.slice(MOST)}</ul>
        </details>
      )}
    </nav>
  );
}

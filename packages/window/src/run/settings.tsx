import type { JSX } from "preact";

import type { RunDetails } from "../data/runEntry.ts";
import { setting } from "../format/quantities.ts";
import { flatten } from "./flatten.ts";

/** All of config.json, as a table to search with the browser. */
export function Settings({ details }: { readonly details: RunDetails | undefined }): JSX.Element {
  return (
    <section>
      <h2>Settings</h2>
      <details>
        <summary>Everything in config.json</summary>
        <div class="scroll">
          <table class="settings">
            <caption class="visually-hidden">Settings</caption>
            <tbody>
              {flatten(details?.config ?? {}).map(([name, value]) => (
                <tr key={name}>
                  <th class="text" scope="row">
                    {name}
                  </th>
                  <td class="text">{setting(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

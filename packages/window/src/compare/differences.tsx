import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { ask } from "../data/ask.ts";
import type { RunDetails } from "../data/runEntry.ts";
import { useAnswer } from "../data/useAnswer.ts";
import { setting } from "../format/quantities.ts";
import { flatten } from "../run/flatten.ts";

/** A wider table is of no use. */
const MOST = 24;

/** The settings in which runs differ, a column for each run. */
export function Differences({ runs }: { readonly runs: readonly string[] }): JSX.Element | null {
  const wanted = useSignal(runs.slice(0, MOST));
  const now = runs.slice(0, MOST);
  if (JSON.stringify(now) !== JSON.stringify(wanted.peek())) wanted.value = now;
  const plans = useAnswer((signal) =>
    Promise.all(wanted.value.map((run) => ask<RunDetails>("/api/run", { run }, signal))),
  );
  const { value } = plans.value;
  if (value === undefined || runs.length < 2) return null;
  const flat = value.map(({ config }) => new Map(flatten(planOf(config))));
  const names = [...new Set(flat.flatMap((one) => [...one.keys()]))].filter(
    (name) => new Set(flat.map((one) => JSON.stringify(one.get(name)))).size > 1,
  );
  return (
    <section>
      <h2>In what they differ</h2>
      {runs.length > MOST && <p class="quiet">The first {MOST} of them.</p>}
      <div class="scroll">
        <table>
          <caption class="visually-hidden">Settings that differ</caption>
          <thead>
            <tr>
              <th class="text">setting</th>
              {value.map(({ id }) => (
                <th key={id} class="text">
                  {id}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th class="text" scope="row">
                  {name}
                </th>
                {flat.map((one, i) => (
                  <td key={value[i]?.id} class="text">
                    {setting(one.get(name))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const planOf = (config: unknown): unknown =>
  typeof config === "object" && config !== null && "plan" in config ? config.plan : {};

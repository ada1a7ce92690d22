import type { JSX } from "preact";

import { link } from "../address/address.ts";
import { Swatch } from "../chart/legend.tsx";
import type { RunEntry } from "../data/runEntry.ts";
import { bytes, loss, plain, short } from "../format/quantities.ts";
import { describeRuns } from "./describeRuns.ts";
import { groupsOf } from "./groupsOf.ts";

/** What each came to and what it cost, seeds together: mean, and the standard deviation where there are several. */
export function CostTable({ runs }: { readonly runs: readonly RunEntry[] }): JSX.Element {
  const labels = describeRuns(runs, false);
  const groups = [...groupsOf(runs, ({ group }) => group).values()];
  return (
    <section>
      <h2>Losses and cost</h2>
      <div class="scroll">
        <table>
          <caption class="visually-hidden">Losses and cost</caption>
          <thead>
            <tr>
              <th class="text">run</th>
              <th>seeds</th>
              <th>validation loss</th>
              <th>training loss</th>
              <th>steps</th>
              <th>ms a step</th>
              <th>tokens a second</th>
              <th>state, floats</th>
              <th>most memory</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((seeds, colour) => {
              const [first] = seeds;
              if (first === undefined) return null;
              const mean = (key: keyof RunEntry): number | null => average(seeds, key).mean;
              return (
                <tr key={first.id}>
                  <th class="text" scope="row">
                    <Swatch colour={colour} />{" "}
                    <a href={link("/run", { run: first.id })}>{labels.get(first.id)}</a>
                  </th>
                  <td>{seeds.length}</td>
                  <td>{spread(average(seeds, "valLoss"))}</td>
                  <td>{spread(average(seeds, "trainLoss"))}</td>
                  <td>{short(first.steps)}</td>
                  <td>{plain(mean("msPerStep"))}</td>
                  <td>{short(mean("tokensPerSecond"))}</td>
                  <td>{short(mean("stateFloats"))}</td>
                  <td>{bytes(mean("peakRssBytes"))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface Average {
  readonly mean: number | null;
  /** Of several. */
  readonly deviation?: number;
}

function average(runs: readonly RunEntry[], key: keyof RunEntry): Average {
  const values = runs.map((run) => run[key]).filter((value) => typeof value === "number");
  if (values.length === 0) return { mean: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

const spread = ({ mean, deviation }: Average): string =>
  deviation === undefined ? loss(mean) : `${loss(mean)} ± ${plain(Number(deviation.toPrecision(2)))}`;

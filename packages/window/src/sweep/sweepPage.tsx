import "../run/run.css";
import "./sweep.css";
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { link, query, setQuery } from "../address/address.ts";
import { quoted } from "../chart/chartCsv.ts";
import { FigureButtons } from "../chart/figureButtons.tsx";
import { Swatch } from "../chart/legend.tsx";
import { ask } from "../data/ask.ts";
import { useLive } from "../data/live.ts";
import { useAnswer } from "../data/useAnswer.ts";
import { loss, setting, share } from "../format/quantities.ts";
import { Failure } from "../shell/failure.tsx";
import { Loading } from "../shell/loading.tsx";
import { importance } from "./importance.ts";
import { Parallel } from "./parallel.tsx";
import { readTrials, type SweepAnswer, type TrialPoint } from "./readTrials.ts";
import { Scatter } from "./scatter.tsx";

/** A sweep: loss against each setting, all settings at once, which of them matters, and the best trials. */
export function SweepPage(): JSX.Element {
  const wanted = useComputed(() => query.value.get("folder") ?? "");
  const folder = (): string => wanted.value;
  const live = useLive(() => []);
  const answer = useAnswer((signal) => {
    live.list.value;
    return ask<SweepAnswer>("/api/sweep", { folder: folder() }, signal);
  });
  const scatter = useRef<HTMLDivElement>(null);
  const parallel = useRef<HTMLDivElement>(null);
  const { value, error } = answer.value;
  if (value === undefined) return error === undefined ? <Loading /> : <Failure error={error} />;
  const trials = readTrials(value);
  const whole = trials.filter((trial) => trial.share === 1);
  const names = [...new Set(whole.flatMap(({ settings }) => Object.keys(settings)))];
  const numeric = names.filter((name) => whole.some(({ settings }) => typeof settings[name] === "number"));
  const name = numeric.find((one) => one === query.value.get("over")) ?? numeric[0];
  const labels = [...new Set(whole.map(({ label }) => label))];
  const failed = whole.filter(({ valLoss }) => valLoss === null).length;
  const finished = whole.length - failed;
  return (
    <>
      <p class="way">
        <a href="/runs">Runs</a> / <a href={link("/compare", { folder: folder() })}>curves of these runs</a>
      </p>
      <h1>{folder()}</h1>
      <p>
        {finished} whole trials finished
        {failed > 0 && `, ${failed} diverged or failed`}
        {trials.length > whole.length && `, ${trials.length - whole.length} shorter ones are left out`}.
      </p>
      {finished === 0 || name === undefined ? (
        <p class="empty">There is nothing to draw yet: no whole trial with a number to vary has finished.</p>
      ) : (
        <>
          <section>
            <h2>Loss against a setting</h2>
            <div class="controls">
              <label>
                setting
                <select
                  value={name}
                  onChange={({ currentTarget }) => setQuery({ over: currentTarget.value })}
                >
                  {numeric.map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </select>
              </label>
              <Check name="xlinear" label="linear x" />
              <Check name="ylog" label="log y" />
              {labels.map((label, i) => (
                <span key={label} class="key">
                  <Swatch colour={i} /> {label}
                </span>
              ))}
            </div>
            <div ref={scatter}>
              <Scatter
                trials={whole}
                name={name}
                xLog={
                  query.value.get("xlinear") !== "1" &&
                  whole.every(({ settings }) => Number(settings[name]) > 0)
                }
                yLog={query.value.get("ylog") === "1"}
              />
            </div>
            <FigureButtons figure={scatter} name={`loss-by-${name}`} csv={() => trialsCsv(whole, names)} />
          </section>
          <section>
            <h2>All settings</h2>
            <p class="quiet">A line for each trial; the best fifth is drawn on top.</p>
            <div ref={parallel}>
              <Parallel trials={whole} names={names} />
            </div>
            <FigureButtons figure={parallel} name="parallel-coordinates" />
          </section>
          <section>
            <h2>What matters</h2>
            <p class="quiet">
              The part of the order of losses that a setting alone explains (η² of ranks). Of few trials it is
              large by chance.
            </p>
            <dl class="bars">
              {names.map((one) => {
                const part = importance(whole, one);
                return (
                  <div key={one}>
                    <dt>{one}</dt>
                    <dd>
                      <span class="bar" style={{ width: `${(100 * part).toFixed(1)}%` }} />
                      <span>{share(part)}</span>
                    </dd>
                  </div>
                );
              })}
            </dl>
          </section>
          <Best trials={whole} names={names} />
        </>
      )}
    </>
  );
}

function Check({ name, label }: { readonly name: string; readonly label: string }): JSX.Element {
  return (
    <label>
      <input
        type="checkbox"
        checked={query.value.get(name) === "1"}
        onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.checked ? "1" : undefined })}
      />
      {label}
    </label>
  );
}

function Best({
  trials,
  names,
}: {
  readonly trials: readonly TrialPoint[];
  readonly names: readonly string[];
}): JSX.Element {
  const best = trials
    .filter(({ valLoss }) => valLoss !== null)
    .sort((a, b) => (a.valLoss ?? 0) - (b.valLoss ?? 0))
    .slice(0, 15);
  return (
    <section>
      <h2>The best</h2>
      <div class="scroll">
        <table>
          <caption class="visually-hidden">The best trials</caption>
          <thead>
            <tr>
              <th class="text">optimizer</th>
              {names.map((name) => (
                <th key={name}>{name}</th>
              ))}
              <th>seed</th>
              <th>validation loss</th>
            </tr>
          </thead>
          <tbody>
            {best.map((trial) => (
              <tr key={trial.id}>
                <th class="text" scope="row">
                  {trial.label}
                </th>
                {names.map((name) => (
                  <td key={name}>{setting(trial.settings[name])}</td>
                ))}
                <td>{trial.seed}</td>
                <td>{loss(trial.valLoss)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function trialsCsv(trials: readonly TrialPoint[], names: readonly string[]): string {
  const rows = trials.map((trial) =>
    [trial.label, ...names.map((name) => setting(trial.settings[name])), trial.seed, trial.valLoss ?? ""]
      .map((cell) => quoted(String(cell)))
      .join(","),
  );
  return `${[["optimizer", ...names, "seed", "valLoss"].join(","), ...rows].join("\n")}\n`;
}

import "../run/run.css";
import "../sweep/sweep.css";
import "./diagnostics.css";
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";

import { link, query, setQuery } from "../address/address.ts";
import { CurveChart } from "../chart/curveChart.tsx";
import { FigureButtons } from "../chart/figureButtons.tsx";
import type { Line } from "../chart/line.ts";
import { groupsOf } from "../compare/groupsOf.ts";
import { ask } from "../data/ask.ts";
import { useLive } from "../data/live.ts";
import { useAnswer } from "../data/useAnswer.ts";
import { Failure } from "../shell/failure.tsx";
import { HeatMap } from "./heatMap.tsx";
import { readWatchLines, type WatchLine } from "./watchLine.ts";

const CHART = 400;

/** What a run watched: norms, angles and ratios by layer, role or all, and spectra as a heat map. */
export function DiagnosticsPage(): JSX.Element {
  const run = useComputed(() => query.value.get("run") ?? "");
  const live = useLive(() => [run.value]);
  const answer = useAnswer((signal) => {
    live.runs.value;
    return ask<readonly unknown[]>("/api/watch", { run: run.value }, signal);
  });
  const all = useMemo(() => readWatchLines(answer.value.value ?? []), [answer.value.value]);
  const { value, error } = answer.value;
  const back = (
    <p class="way">
      <a href="/runs">Runs</a> / <a href={link("/run", { run: run.value })}>{run.value}</a>
    </p>
  );
  if (value === undefined) return error === undefined ? back : <Failure error={error} />;
  if (all.length === 0) return <Nothing back={back} run={run.value} />;
  const diagnostics = unique(all.map(({ diagnostic }) => diagnostic));
  const diagnostic = chosen("of", diagnostics);
  const own = all.filter((line) => line.diagnostic === diagnostic);
  const scopes = unique(own.map(({ scope }) => scope));
  const scope = chosen("scope", scopes);
  const scoped = own.filter((line) => line.scope === scope);
  const numbers = unique(scoped.flatMap(({ values }) => Object.keys(values)));
  const number = chosen("number", numbers);
  return (
    <>
      {back}
      <h1>Diagnostics</h1>
      <div class="controls">
        <Choice label="diagnostic" name="of" known={diagnostics} value={diagnostic} />
        <Choice label="by" name="scope" known={scopes} value={scope} />
        {numbers.length > 0 && <Choice label="number" name="number" known={numbers} value={number} />}
        <label>
          <input
            type="checkbox"
            checked={query.value.get("ylog") === "1"}
            onChange={({ currentTarget }) => setQuery({ ylog: currentTarget.checked ? "1" : undefined })}
          />
          log y
        </label>
      </div>
      {numbers.length > 0 && <Curves lines={scoped} diagnostic={diagnostic} number={number} />}
      <Spectra lines={own} />
    </>
  );
}

function Curves(props: {
  readonly lines: readonly WatchLine[];
  readonly diagnostic: string;
  readonly number: string;
}) {
  const { lines, diagnostic, number } = props;
  const curves = useMemo(
    () =>
      [...groupsOf(lines, ({ name }) => name)].map(([name, own], colour): Line => {
        const known = own.filter(({ values }) => values[number] !== undefined);
        const x = known.map(({ step }) => step);
        const mean = known.map(({ values }) => values[number] ?? Number.NaN);
        return { key: name, label: name, colour, curve: { x, mean, min: mean, max: mean }, band: false };
      }),
    [lines, number],
  );
  return (
    <CurveChart
      title={`${diagnostic}: ${number}`}
      lines={curves}
      xLabel="step"
      yLabel={number}
      xLog={false}
      yLog={query.value.get("ylog") === "1"}
      height={CHART}
    />
  );
}

function Spectra({ lines }: { readonly lines: readonly WatchLine[] }): JSX.Element | null {
  const figure = useRef<HTMLDivElement>(null);
  const withArrays = lines.filter(({ arrays }) => Object.keys(arrays).length > 0);
  const names = unique(withArrays.map(({ name }) => name));
  if (names.length === 0) return null;
  const name = chosen("layer", names);
  const kinds = unique(withArrays.flatMap(({ arrays }) => Object.keys(arrays)));
  const kind = chosen("array", kinds);
  const spectra = withArrays
    .filter((line) => line.name === name)
    .map(({ step, arrays }) => ({ step, singularValues: arrays[kind] ?? [] }));
  return (
    <section>
      <h2>Spectrum</h2>
      <div class="controls">
        <Choice label="layer" name="layer" known={names} value={name} />
        <Choice label="of" name="array" known={kinds} value={kind} />
      </div>
      <div ref={figure}>
        <HeatMap spectra={spectra} title={`${kind} of ${name} over the steps`} />
      </div>
      <p class="quiet">
        Each column is a step; the stronger its colour, the more of the values lie there. Logarithmic.
      </p>
      <FigureButtons figure={figure} name={`spectrum-${name.replace(/\W+/g, "-")}`} />
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly known: readonly string[];
  readonly value: string;
}

function Choice({ label, name, known, value }: ChoiceProps): JSX.Element {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}>
        {known.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}

function Nothing({ back, run }: { readonly back: JSX.Element; readonly run: string }): JSX.Element {
  return (
    <>
      {back}
      <h1>Diagnostics</h1>
      <p class="empty">The run {run} watched nothing: its folder has no watch.jsonl.</p>
    </>
  );
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** The choice of the address where it is one, else the first. */
function chosen(name: string, known: readonly string[]): string {
  const given = query.value.get(name);
  return known.find((one) => one === given) ?? known[0] ?? "";
}

import "../run/run.css";
import "../sweep/sweep.css";
import "./diagnostics.css";
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import { link, query, setQuery } from "../address/address.ts";
import { CurveChart } from "../chart/curveChart.tsx";
import { ask } from "../data/ask.ts";
import { useLive } from "../data/live.ts";
import { useAnswer } from "../data/useAnswer.ts";
import { Failure } from "../shell/failure.tsx";
import { Choice, chosen, unique } from "./choice.tsx";
import { hasBound, numberCurves } from "./numberCurves.ts";
import { SpectraSection } from "./spectraSection.tsx";
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
      {hasBound(number) && (
        <p class="quiet">
          Dashed, in the same colour: what the number is to be read against. For compared the threshold ρ of
          clipping, for weight the ball that weight decay keeps it in.
        </p>
      )}
      <SpectraSection lines={own} />
    </>
  );
}

function Curves(props: {
  readonly lines: readonly WatchLine[];
  readonly diagnostic: string;
  readonly number: string;
}) {
  const { lines, diagnostic, number } = props;
  const curves = useMemo(() => numberCurves(lines, number), [lines, number]);
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

function Nothing({ back, run }: { readonly back: JSX.Element; readonly run: string }): JSX.Element {
  return (
    <>
      {back}
      <h1>Diagnostics</h1>
      <p class="empty">The run {run} watched nothing: its folder has no watch.jsonl.</p>
    </>
  );
}

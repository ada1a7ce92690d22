import "../run/run.css";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import { query, setQuery } from "../address/address.ts";
import { ChartControls } from "../chart/chartControls.tsx";
import { axes, choices, chooseZoom, metrics } from "../chart/choices.ts";
import { CurveChart } from "../chart/curveChart.tsx";
import type { Line } from "../chart/line.ts";
import { useSeries } from "../chart/useSeries.ts";
import { ask } from "../data/ask.ts";
import { useLive } from "../data/live.ts";
import type { BucketedCurve, RunEntry, RunList } from "../data/runEntry.ts";
import { useAnswer } from "../data/useAnswer.ts";
import { Failure } from "../shell/failure.tsx";
import { Loading } from "../shell/loading.tsx";
import { CostTable } from "./costTable.tsx";
import { describeRuns } from "./describeRuns.ts";
import { Differences } from "./differences.tsx";
import { groupsOf } from "./groupsOf.ts";
import { seedBand } from "./seedBand.ts";

const CHART = 440;
/** Curves of more runs are drawn without bands: they would hide each other. */
const MOST_BANDS = 8;

/** Several runs over each other: chosen ones, or those of a comparison. Runs that differ by their seed only become a band. */
export function ComparePage(): JSX.Element {
  const live = useLive(() => members().map(({ id }) => id));
  const list = useAnswer((signal) => {
    live.list.value;
    return ask<RunList>("/api/runs", {}, signal);
  });
  const members = (): readonly RunEntry[] => membersOf(list.value.value?.runs ?? []);
  const series = useSeries(() => {
    const { metric, x, smooth, xLog, from, to } = choices();
    const runs = members().map(({ id }) => id);
    return {
      version: live.runs.value,
      runs,
      metric,
      x,
      smooth: metric === "valLoss" ? 0 : smooth,
      log: xLog,
      buckets: 800,
      from,
      to,
    };
  });
  const runs = members();
  const chosen = choices();
  const together = query.value.get("seeds") !== "apart";
  const { curves, missing, error } = series.value;
  const lines = useMemo(
    () => linesOf(runs, curves, together, chosen.metric === "valLoss"),
    [list.value.value, curves, together, query.value],
  );
  const known = list.value;
  if (known.value === undefined)
    return known.error === undefined ? <Loading /> : <Failure error={known.error} />;
  if (runs.length === 0) return <Nothing />;
  const title = metrics[chosen.metric] ?? chosen.metric;
  const folder = query.value.get("folder");
  return (
    <>
      <p class="way">
        <a href="/runs">Runs</a>
      </p>
      <h1>{folder ?? `${runs.length} runs`}</h1>
      <ChartControls chosen={chosen} />
      <div class="controls">
        <label>
          <input
            type="checkbox"
            checked={together}
            onChange={({ currentTarget }) => setQuery({ seeds: currentTarget.checked ? undefined : "apart" })}
          />
          seeds as one line with a band
        </label>
        <span class="quiet" aria-live="polite">
          {missing > 0 ? `${missing} runs on their way …` : ""}
        </span>
      </div>
      {error !== undefined && <Failure error={error} />}
      <CurveChart
        title={`${title}, ${folder ?? `${runs.length} runs`}`}
        lines={lines}
        xLabel={axes[chosen.x] ?? chosen.x}
        yLabel={title}
        xLog={chosen.xLog}
        yLog={chosen.yLog}
        height={CHART}
        onZoom={chooseZoom}
      />
      <CostTable runs={runs} />
      <Differences runs={runs.map(({ id }) => id)} />
    </>
  );
}

function membersOf(all: readonly RunEntry[]): RunEntry[] {
  const folder = query.value.get("folder");
  if (folder !== null) return all.filter((run) => run.folder === folder);
  const wanted = new Set(query.value.getAll("run"));
  return all.filter(({ id }) => wanted.has(id));
}

function linesOf(
  runs: readonly RunEntry[],
  curves: ReadonlyMap<string, BucketedCurve>,
  together: boolean,
  points: boolean,
): Line[] {
  const labels = describeRuns(runs, !together);
  const groups = groupsOf(runs, (run) => (together ? run.group : run.id));
  return [...groups.values()].flatMap((seeds, colour): Line[] => {
    const [first] = seeds;
    const found = seeds.flatMap(({ id }) => curves.get(id) ?? []).filter(({ x }) => x.length > 0);
    if (first === undefined) return [];
    const label = `${labels.get(first.id)}${seeds.length > 1 ? ` (${seeds.length} seeds)` : ""}`;
    const band = together && seeds.length > 1 && groups.size <= MOST_BANDS;
    return [{ key: first.id, label, colour, curve: seedBand(found), band, points }];
  });
}

function Nothing(): JSX.Element {
  return (
    <>
      <h1>Compare</h1>
      <p class="empty">
        No run is chosen. Tick some in the <a href="/runs">table of runs</a>, then Compare.
      </p>
    </>
  );
}

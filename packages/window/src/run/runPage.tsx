import "./run.css";
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";

import { link, query } from "../address/address.ts";
import { ChartControls } from "../chart/chartControls.tsx";
import { axes, choices, chooseZoom, metrics } from "../chart/choices.ts";
import { CurveChart } from "../chart/curveChart.tsx";
import { useSeries } from "../chart/useSeries.ts";
import { ask } from "../data/ask.ts";
import { useLive } from "../data/live.ts";
import type { RunDetails, RunList } from "../data/runEntry.ts";
import { useAnswer } from "../data/useAnswer.ts";
import { Failure } from "../shell/failure.tsx";
import { Loading } from "../shell/loading.tsx";
import { Facts } from "./facts.tsx";
import { Samples } from "./samples.tsx";
import { Settings } from "./settings.tsx";

const CHART = 380;
const SMALL = 220;

/** One run: its curves as they grow, what it cost, what it was told, what it wrote. */
export function RunPage(): JSX.Element {
  const run = useComputed(() => query.value.get("run") ?? "");
  const id = (): string => run.value;
  const live = useLive(() => [id()]);
  const list = useAnswer((signal) => {
    live.list.value;
    return ask<RunList>("/api/runs", {}, signal);
  });
  const details = useAnswer((signal) => {
    live.list.value;
    live.texts.value;
    return ask<RunDetails>("/api/run", { run: id() }, signal);
  });
  const series = useSeries(() => {
    const { metric, x, smooth, xLog, from, to } = choices();
    return { version: live.runs.value, runs: [id()], metric, x, smooth, log: xLog, buckets: 1000, from, to };
  });
  const validation = useSeries(() => {
    const { x, xLog, from, to } = choices();
    return {
      version: live.runs.value,
      runs: [id()],
      metric: "valLoss",
      x,
      smooth: 0,
      log: xLog,
      buckets: 1000,
      from,
      to,
    };
  });
  const times = useSeries(() => {
    return {
      version: live.runs.value,
      runs: [id()],
      metric: "ms",
      x: "step",
      smooth: 0.9,
      log: false,
      buckets: 600,
    };
  });
  const unanswered = [details.value, list.value].find(({ value }) => value === undefined);
  if (unanswered !== undefined)
    return unanswered.error === undefined ? <Loading /> : <Failure error={unanswered.error} />; // then all has its place
  const chosen = choices();
  const entry = list.value.value?.runs.find((run) => run.id === id());
  const curve = series.value.curves.get(id());
  const checks = validation.value.curves.get(id());
  const ms = times.value.curves.get(id());
  const title = metrics[chosen.metric] ?? chosen.metric;
  const empty = { x: [], min: [], max: [], mean: [] };
  const main = { key: "main", label: title, colour: 0, curve: curve ?? empty, band: chosen.smooth > 0 };
  const check = {
    key: "val",
    label: "validation loss",
    colour: 1,
    curve: checks ?? empty,
    band: false,
    points: true,
  };
  return (
    <>
      <p class="way">
        <a href="/runs">Runs</a>
        {entry?.folder && (
          <>
            {" "}
            / <a href={link("/compare", { folder: entry.folder })}>{entry.folder}</a>
          </>
        )}
      </p>
      <h1>
        {id()} {entry !== undefined && entry.status !== "finished" && <Status status={entry.status} />}
      </h1>
      <Facts entry={entry} />
      <section aria-label="Curves">
        <ChartControls chosen={chosen} />
        <CurveChart
          title={`${title} of ${id()}`}
          lines={chosen.metric === "loss" ? [main, check] : [main]}
          xLabel={axes[chosen.x] ?? chosen.x}
          yLabel={title}
          xLog={chosen.xLog}
          yLog={chosen.yLog}
          height={CHART}
          nothing={
            curve?.x.length === 0
              ? `This run has no ${title} against ${axes[chosen.x] ?? chosen.x}.`
              : undefined
          }
          onZoom={chooseZoom}
        />
      </section>
      <section>
        <h2>Time of a step</h2>
        <CurveChart
          title={`milliseconds a step of ${id()}`}
          lines={[{ key: "ms", label: "milliseconds a step", colour: 2, curve: ms ?? empty, band: true }]}
          xLabel="step"
          yLabel="ms"
          xLog={false}
          yLog={false}
          height={SMALL}
        />
      </section>
      {details.value.value !== undefined && <Samples details={details.value.value} />}
      <section>
        <h2>More</h2>
        <p>
          <a href={link("/diagnostics", { run: id() })}>Diagnostics</a>: spectra, norms and angles, where the
          run watched them.
        </p>
      </section>
      <Settings details={details.value.value} />
    </>
  );
}

function Status({ status }: { readonly status: string }): JSX.Element {
  return <span class={`badge ${status}`}>{status}</span>;
}

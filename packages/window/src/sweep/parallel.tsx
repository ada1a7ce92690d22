import type { JSX } from "preact";

import { extent, scaleOf } from "../chart/scale.ts";
import { loss, setting, short } from "../format/quantities.ts";
import type { TrialPoint } from "./readTrials.ts";

const [WIDTH, HEIGHT, SIDE, TOP, BOTTOM] = [900, 330, 60, 34, 24];
/** Of the trials, those drawn as the best. */
const BEST = 0.2;

/** Each trial as a line through its settings to its loss, the best fifth on top in colour. */
export function Parallel({
  trials,
  names,
}: {
  readonly trials: readonly TrialPoint[];
  readonly names: readonly string[];
}): JSX.Element {
  const finished = trials
    .filter(({ valLoss }) => valLoss !== null)
    .sort((a, b) => (b.valLoss ?? 0) - (a.valLoss ?? 0));
  const columns = [...names.map((name) => settingColumn(finished, name)), lossColumn(finished)];
  const gap = (WIDTH - 2 * SIDE) / Math.max(1, columns.length - 1);
  const bestFrom = Math.floor(finished.length * (1 - BEST));
  return (
    <svg
      class="figure"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label="settings and losses of all trials"
    >
      {finished.map((trial, i) => (
        <polyline
          key={trial.id}
          class={i >= bestFrom ? "trial best" : "trial"}
          points={columns.map(({ at }, j) => `${SIDE + j * gap},${at(trial)}`).join(" ")}
        >
          <title>{`${trial.label}, ${loss(trial.valLoss)}`}</title>
        </polyline>
      ))}
      {columns.map(({ title, low, high }, j) => (
        <g key={title}>
          <line class="axis" x1={SIDE + j * gap} x2={SIDE + j * gap} y1={TOP} y2={HEIGHT - BOTTOM} />
          <text x={SIDE + j * gap} y={TOP - 18} text-anchor="middle" class="strong">
            {title}
          </text>
          <text x={SIDE + j * gap} y={TOP - 4} text-anchor="middle">
            {high}
          </text>
          <text x={SIDE + j * gap} y={HEIGHT - BOTTOM + 15} text-anchor="middle">
            {low}
          </text>
        </g>
      ))}
    </svg>
  );
}

interface ParallelColumn {
  readonly title: string;
  readonly low: string;
  readonly high: string;
  readonly at: (trial: TrialPoint) => number;
}

const paper: [number, number] = [HEIGHT - BOTTOM, TOP];

function settingColumn(trials: readonly TrialPoint[], name: string): ParallelColumn {
  const values = trials.map(({ settings }) => settings[name]);
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === values.length) {
    const plainEnds = extent(numbers, false);
    const log = plainEnds[0] > 0 && plainEnds[1] / plainEnds[0] >= 8;
    const scale = scaleOf(plainEnds, paper, log);
    return {
      title: name,
      low: short(plainEnds[0]),
      high: short(plainEnds[1]),
      at: ({ settings }) => scale(Number(settings[name])),
    };
  }
  const kinds = [...new Set(values.map(setting))];
  const scale = scaleOf([0, Math.max(1, kinds.length - 1)], paper, false);
  return {
    title: name,
    low: kinds[0] ?? "",
    high: kinds.at(-1) ?? "",
    at: ({ settings }) => scale(kinds.indexOf(setting(settings[name]))),
  };
}

function lossColumn(trials: readonly TrialPoint[]): ParallelColumn {
  const ends = extent(
    trials.map(({ valLoss }) => valLoss ?? Number.NaN),
    false,
  );
  const scale = scaleOf(ends, paper, false);
  return {
    title: "validation loss",
    low: loss(ends[0]),
    high: loss(ends[1]),
    at: ({ valLoss }) => scale(valLoss ?? 0),
  };
}

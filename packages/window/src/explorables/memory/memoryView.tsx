import type { JSX } from "preact";

import { type MemoryState, MOST_STEPS, PAIRS } from "./associativeMemory.ts";

const CELL = 30;
const BAR = 22;

/** What a memory answers, how wrong it is for each pair, and its singular values. */
export function MemoryView(props: {
  readonly state: MemoryState;
  readonly history: readonly MemoryState[];
  readonly frequencies: readonly number[];
  readonly colour: number;
}): JSX.Element {
  const { state, frequencies } = props;
  return (
    <div class={`memory series${props.colour}`}>
      <p>
        loss <strong class="loss">{state.loss.toFixed(4)}</strong>
      </p>
      <div class="panels">
        <figure>
          <Recall recall={state.recall} />
          <figcaption>answers: key across, value down</figcaption>
        </figure>
        <figure>
          <Errors history={props.history} frequencies={frequencies} />
          <figcaption>error of each pair over {MOST_STEPS} steps; thick lines are frequent</figcaption>
        </figure>
        <figure>
          <Bars values={state.spectrum} label="Singular values" of={(i) => String(i + 1)} />
          <figcaption>singular values of W</figcaption>
        </figure>
      </div>
    </div>
  );
}

function Recall({ recall }: { readonly recall: readonly number[] }): JSX.Element {
  const size = PAIRS * CELL;
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="Answers to the keys, the identity where all is learned"
    >
      <rect class="frame" width={size} height={size} />
      {recall.map((value, i) => (
        <rect
          key={i}
          class={value < 0 ? "negative" : "positive"}
          x={(i % PAIRS) * CELL + 1}
          y={Math.floor(i / PAIRS) * CELL + 1}
          width={CELL - 2}
          height={CELL - 2}
          opacity={Math.min(1, Math.abs(value))}
        />
      ))}
    </svg>
  );
}

function Errors(props: {
  readonly history: readonly MemoryState[];
  readonly frequencies: readonly number[];
}): JSX.Element {
  const size = PAIRS * CELL;
  const path = (pair: number): string =>
    [{ step: 0, errors: new Array<number>(PAIRS).fill(1) }, ...props.history]
      .map(({ step, errors }) => {
        const height = size - 4 - Math.min(1.2, errors[pair] ?? 0) * ((size - 8) / 1.2);
        return `${((step / MOST_STEPS) * size).toFixed(1)},${height.toFixed(1)}`;
      })
      .join(" ");
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label="Error of each pair over the steps">
      <rect class="frame" width={size} height={size} />
      {props.frequencies.map((share, pair) => (
        <polyline key={pair} points={path(pair)} stroke-width={1 + 6 * share} />
      ))}
    </svg>
  );
}

function Bars(props: {
  readonly values: readonly number[];
  readonly label: string;
  of(index: number): string;
}): JSX.Element {
  const height = PAIRS * CELL;
  const room = 190;
  return (
    <svg
      viewBox={`0 0 240 ${height}`}
      role="img"
      aria-label={`${props.label}: ${props.values.map((value) => value.toFixed(2)).join(", ")}`}
    >
      <line class="one" x1={44 + room / 1.25} x2={44 + room / 1.25} y1={0} y2={height} />
      {props.values.map((value, i) => (
        <g key={i}>
          <text x={38} y={i * CELL + 20} text-anchor="end">
            {props.of(i)}
          </text>
          <rect
            class="bar"
            x={44}
            y={i * CELL + 4}
            width={(Math.min(1.25, Math.max(0, value)) * room) / 1.25}
            height={BAR}
          />
        </g>
      ))}
    </svg>
  );
}

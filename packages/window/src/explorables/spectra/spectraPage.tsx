import "./spectra.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { coefficientSetNames } from "steepest/matrix";

import { setQuery } from "../../address/address.ts";
import { compiledNames } from "../compiledNames.ts";
import { Chart } from "./chart.tsx";
import { mostSteps, pathOf, polynomials, SIZE, spectrumOf, updateSpectrum } from "./spectraModel.ts";
import { MOST_DECAY, type SpectraState, spectraState } from "./spectraState.ts";

/** Milliseconds without a change before an update is computed. */
const PAUSE = 100;
const POINTS = 300;
/** Of the values that are drawn. */
const LEAST = 1e-3;
const places = Array.from({ length: POINTS }, (_, i) => i / (POINTS - 1));
const sigmas = places.map((place) => LEAST ** (1 - place));
const ranks = Array.from({ length: SIZE }, (_, i) => i / (SIZE - 1));

/** Singular values on their way to 1, and what an optimizer makes of them. */
export function SpectraPage(): JSX.Element {
  const state = spectraState.value;
  return (
    <>
      <h1>How does Muon make all singular values alike without computing one?</h1>
      <p class="lead">
        A step X ← aX + b(XXᵀ)X + c(XXᵀ)²X is made of matrix products alone, and yet it maps every singular
        value σ to aσ + bσ³ + cσ⁵. A few of them, well chosen, bring all but the smallest near 1.
      </p>
      <Iteration state={state} />
      <Updates state={state} />
    </>
  );
}

function Iteration({ state }: { readonly state: SpectraState }): JSX.Element {
  const { set, own, steps, decay } = state;
  const schedule = polynomials(set, own, steps);
  const paths = sigmas.map((sigma) => pathOf(schedule, sigma));
  const spectrum = spectrumOf(decay).map((sigma) => pathOf(schedule, sigma));
  const after = (all: readonly (readonly number[])[], step: number): number[] =>
    all.map((path) => path[step] ?? Number.NaN);
  const lines = Array.from({ length: steps + 1 }, (_, step) => step);
  const style = (step: number): string => `step${step === steps ? " last" : ""}`;
  const last = after(paths, steps).filter((_, i) => (sigmas[i] ?? 0) >= 0.01);
  return (
    <section aria-labelledby="iteration">
      <h2 id="iteration">Step by step</h2>
      <div class="controls">
        <label>
          Coefficients
          <select value={set} onChange={({ currentTarget }) => setQuery({ set: currentTarget.value })}>
            {[...coefficientSetNames(), "own"].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Slider name="steps" label="steps" value={steps} low={1} high={mostSteps(set)} step={1} />
        <Slider name="decay" label="spectrum i^−s, s" value={decay} low={0} high={MOST_DECAY} step={0.05} />
        {set === "own" &&
          (["a", "b", "c"] as const).map((name, i) => (
            <label key={name}>
              {name}
              <input
                type="number"
                step={0.01}
                value={own[i]}
                onInput={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}
              />
            </label>
          ))}
      </div>
      <div class="pair">
        <figure class="card">
          <Chart
            label={`Singular values after each of ${steps} steps, over those before`}
            lines={lines.map((step) => ({ values: after(paths, step), className: style(step) }))}
            places={places}
            ticks={[
              [0, "0.001"],
              [1 / 3, "0.01"],
              [2 / 3, "0.1"],
              [1, "1"],
            ]}
            axis="σ before the first step"
            most={1.5}
          />
          <figcaption>
            A line for each step. After the last, values from 0.01 on lie in{" "}
            <strong id="band">
              {Math.min(...last).toFixed(3)} … {Math.max(...last).toFixed(3)}
            </strong>
            .
          </figcaption>
        </figure>
        <figure class="card">
          <Chart
            label={`The ${SIZE} singular values of a matrix after each of ${steps} steps`}
            lines={lines.map((step) => ({ values: after(spectrum, step), className: style(step) }))}
            places={ranks}
            ticks={[
              [0, "1"],
              [1, String(SIZE)],
            ]}
            axis="singular values of a matrix, the largest first"
            most={1.5}
          />
          <figcaption>
            The same for a matrix of {SIZE} × {SIZE}, divided by its Frobenius norm first.
          </figcaption>
        </figure>
      </div>
      <table class="coefficients">
        <thead>
          <tr>
            <th class="text">step</th>
            <th>a</th>
            <th>b</th>
            <th>c</th>
          </tr>
        </thead>
        <tbody>
          {schedule.map(([a, b, c], i) => (
            <tr key={i}>
              <th class="text" scope="row">
                {i + 1}
              </th>
              <td>{a.toFixed(4)}</td>
              <td>{b.toFixed(4)}</td>
              <td>{c.toFixed(4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Slider(props: {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}): JSX.Element {
  return (
    <label>
      {props.label}
      <input
        type="range"
        min={props.low}
        max={props.high}
        step={props.step}
        value={props.value}
        onInput={({ currentTarget }) => setQuery({ [props.name]: currentTarget.value })}
      />
      <output>{props.step < 1 ? props.value.toFixed(2) : props.value}</output>
    </label>
  );
}

function Updates({ state: { decay, optimizers } }: { readonly state: SpectraState }): JSX.Element {
  const spectrum = spectrumOf(decay);
  const largest = spectrum[0] ?? 1;
  const before = spectrum.map((value) => value / largest);
  return (
    <section aria-labelledby="updates">
      <h2 id="updates">What an optimizer makes of a spectrum</h2>
      <p>
        The same matrix as a gradient, twice: singular values of the second update, divided by the largest.
        The thin line is the gradient itself. A flat line moves all directions alike; a steep one follows the
        few that the gradient prefers.
      </p>
      <div class="pair">
        {optimizers.map((name, i) => (
          <figure class="card" key={i}>
            <label class="which">
              Optimizer{" "}
              <select
                value={name}
                onChange={({ currentTarget: { value } }) =>
                  setQuery({ optimizer: optimizers.map((old, j) => (j === i ? value : old)) })
                }
              >
                {compiledNames().map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </select>
            </label>
            <Update name={name} decay={decay} before={before} />
          </figure>
        ))}
      </div>
    </section>
  );
}

function Update(props: {
  readonly name: string;
  readonly decay: number;
  readonly before: readonly number[];
}): JSX.Element {
  const [made, setMade] = useState<readonly number[] | string>([]);
  useEffect(() => {
    const timer = setTimeout(() => setMade(attempt(props.name, props.decay)), PAUSE); // a slider moves on meanwhile
    return () => clearTimeout(timer);
  }, [props.name, props.decay]);
  if (typeof made === "string") return <p class="quiet">{made}</p>;
  return (
    <Chart
      label={`Singular values of an update of ${props.name}`}
      lines={[
        { values: props.before, className: "step" },
        { values: made, className: "step last" },
      ]}
      places={ranks}
      ticks={[
        [0, "1"],
        [1, String(SIZE)],
      ]}
      axis="singular values, the largest first"
      most={1.1}
    />
  );
}

/** The spectrum of an update, or why there is none, so that one method's fault does not take the page. */
function attempt(name: string, decay: number): readonly number[] | string {
  try {
    return updateSpectrum(name, spectrumOf(decay));
  } catch (error) {
    return `No update of ${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

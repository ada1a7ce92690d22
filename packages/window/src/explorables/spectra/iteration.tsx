import type { JSX } from "preact";
import { coefficientSetNames } from "steepest/matrix";

import { setQuery } from "../../address/address.ts";
import { Slider } from "../../shell/slider.tsx";
import { Chart } from "./chart.tsx";
import { mostSteps, pathOf, polynomials, ranks, SIZE, spectrumOf } from "./spectraModel.ts";
import { MOST_DECAY, type SpectraState } from "./spectraState.ts";

const POINTS = 300;
/** Of the values that are drawn. */
const LEAST = 1e-3;
const places = Array.from({ length: POINTS }, (_, i) => i / (POINTS - 1));
const sigmas = places.map((place) => LEAST ** (1 - place));

/** A polynomial iteration step by step, on all values and on those of a matrix. */
export function Iteration({ state }: { readonly state: SpectraState }): JSX.Element {
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
        <Slider
          label="steps"
          value={steps}
          low={1}
          high={mostSteps(set)}
          step={1}
          shown={String(steps)}
          onValue={(value) => setQuery({ steps: String(value) })}
        />
        <Slider
          label="spectrum i^−s, s"
          value={decay}
          low={0}
          high={MOST_DECAY}
          step={0.05}
          shown={decay.toFixed(2)}
          onValue={(value) => setQuery({ decay: String(value) })}
        />
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

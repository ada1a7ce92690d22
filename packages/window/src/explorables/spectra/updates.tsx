import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { setQuery } from "../../address/address.ts";
import { compiledNames } from "../compiledNames.ts";
import { Chart } from "./chart.tsx";
import { ranks, SIZE, spectrumOf, updateSpectrum } from "./spectraModel.ts";
import type { SpectraState } from "./spectraState.ts";

/** Milliseconds without a change before an update is computed. */
const PAUSE = 100;

/** What two optimizers make of the same gradient. */
export function Updates({ state: { decay, optimizers } }: { readonly state: SpectraState }): JSX.Element {
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

import type { JSX } from "preact";

import { setQuery } from "../../address/address.ts";
import { Slider } from "../../shell/slider.tsx";
import { hasPolar, knobsOf, normsOn } from "./drawableNorms.ts";
import type { NormState } from "./normState.ts";
import { slices } from "./slices.ts";

/** Which norm, of which arrays, with which options. */
export function NormControls({
  state: { slice, name, options, quick },
}: {
  readonly state: NormState;
}): JSX.Element {
  return (
    <div class="controls">
      <label>
        Norm
        <select value={name} onChange={({ currentTarget }) => setQuery({ norm: currentTarget.value })}>
          {normsOn(slice).map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        of
        <select value={slice} onChange={({ currentTarget }) => setQuery({ on: currentTarget.value })}>
          {Object.entries(slices).map(([one, { name: words }]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {knobsOf(name).map(({ option, label, low, high, step, start }) => (
        <Slider
          key={option}
          label={label}
          value={Number(options[option] ?? start)}
          low={low}
          high={high}
          step={step}
          shown={Number(options[option] ?? start).toFixed(step < 1 ? 2 : 0)}
          onValue={(value) => setQuery({ [option]: String(value) })}
        />
      ))}
      {hasPolar(name) && (
        <label>
          <input
            type="checkbox"
            checked={quick}
            onChange={({ currentTarget }) => setQuery({ polar: currentTarget.checked ? "quick" : undefined })}
          />
          by five Newton-Schulz steps, as in training
        </label>
      )}
    </div>
  );
}

import type { JSX } from "preact";

import { type NormState, REACH, setGradient } from "./normState.ts";
import { slices } from "./slices.ts";

/** The gradient by its coordinates, for keys and fingers. */
export function GradientSliders({ state: { slice, gradient } }: { readonly state: NormState }): JSX.Element {
  const axes: readonly string[] = slices[slice].axes;
  return (
    <fieldset class="gradient">
      <legend>The gradient{axes.length === 2 ? ": drag its end, or" : ""}</legend>
      {axes.map((axis, i) => (
        <label key={axis}>
          {axis}
          <input
            type="range"
            min={-REACH}
            max={REACH}
            step={0.01}
            value={gradient[i] ?? 0}
            onInput={({ currentTarget }) =>
              setGradient(gradient.map((x, j) => (j === i ? currentTarget.valueAsNumber : x)))
            }
          />
          <output>{(gradient[i] ?? 0).toFixed(2)}</output>
        </label>
      ))}
    </fieldset>
  );
}

import type { JSX } from "preact";

import { Slider } from "../../shell/slider.tsx";
import { type NormState, REACH, setGradient } from "./normState.ts";
import { slices } from "./slices.ts";

/** The gradient by its coordinates, for keys and fingers. */
export function GradientSliders({ state: { slice, gradient } }: { readonly state: NormState }): JSX.Element {
  const axes: readonly string[] = slices[slice].axes;
  return (
    <fieldset class="gradient">
      <legend>The gradient{axes.length === 2 ? ": drag its end, or" : ""}</legend>
      {axes.map((axis, i) => (
        <Slider
          key={axis}
          label={axis}
          value={gradient[i] ?? 0}
          low={-REACH}
          high={REACH}
          step={0.01}
          shown={(gradient[i] ?? 0).toFixed(2)}
          onValue={(value) => setGradient(gradient.map((x, j) => (j === i ? value : x)))}
        />
      ))}
    </fieldset>
  );
}

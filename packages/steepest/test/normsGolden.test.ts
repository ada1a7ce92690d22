import { numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";

import { goldenJson, goldenNames } from "#test-support/golden.ts";
import { createNorm, type Norm, type NormOptions } from "../src/norms/index.ts";
import { entries } from "./matrixSamples.ts";

interface GoldenParameter {
  name: string;
  shape: number[];
  init: number[];
  /** Absent in `scion_no_momentum`: Spectral, scale 1. */
  options?: {
    norm: string;
    normKwargs: { transpose?: boolean; normalized?: boolean; max?: boolean; steps?: number };
    scale: number;
  };
}

interface Trajectory {
  options: { lr: number; momentum: number; unconstrained: boolean };
  tolerance: { abs: number };
  params: GoldenParameter[];
  grads: number[][][];
  expected: number[][][];
}

/** The norm that Scion's code makes of its class and arguments. */
function normOf({ options }: GoldenParameter): Norm {
  const { norm, normKwargs, scale } = options ?? { norm: "Spectral", normKwargs: {}, scale: 1 };
  const { transpose = false, normalized, max = false, steps } = normKwargs;
  const rest: NormOptions = {
    scale,
    ...(transpose ? { transpose } : {}),
    ...(steps === undefined ? {} : { polar: { steps } }),
  };
  const flag = normalized ?? norm !== "ColNorm"; // Spectral, RowNorm and Sign are normalized unless told otherwise
  const name = {
    Spectral: max ? "spectral_max" : flag ? "spectral" : "spectral_2rms",
    SpectralConv: "spectral_conv",
    ColNorm: flag ? "colnorm_normalized" : "colnorm",
    RowNorm: flag ? "rownorm" : "rownorm_input",
    Sign: flag ? "sign_normalized" : "sign",
    BiasRMS: "bias_rms",
    Auto: "auto",
  }[norm];
  if (name === undefined) throw new Error(`no norm for ${norm}`);
  return createNorm(name, rest);
}

// Another matrix sign iteration and another start; a gradient buffer of its own: these belong to the optimizer.
const others = ["scion_airbench", "scion_light", "scion_light_unconstrained"];
const cases = goldenNames.filter((name) => /^u?scion_/.test(name) && !others.includes(name));

test("the cases are there", () => expect(cases.length).toBe(24));

test.each(cases)("%s: our norms in Scion's update give its trajectory", (name) => {
  const golden = goldenJson<Trajectory>(name);
  const { lr, momentum, unconstrained } = golden.options;
  golden.params.forEach((parameter, p) => {
    const norm = normOf(parameter);
    const from = (data: readonly number[] | undefined): np.Array =>
      np.array(Float32Array.from(data ?? [])).reshape(parameter.shape);
    let w = from(parameter.init);
    let average = np.zeros(parameter.shape);
    golden.grads.forEach((grads, step) => {
      average = average.mul(1 - momentum).add(from(grads[p]).mul(momentum));
      w = w.mul(unconstrained ? 1 : 1 - lr).add(norm.lmo(average.ref).mul(lr));
      const expected = golden.expected[step]?.[p] ?? [];
      const error = Math.max(
        ...entries(w.ref).map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN))),
      );
      expect(error, `${parameter.name}, step ${step}`).toBeLessThan(golden.tolerance.abs);
    });
    w.dispose();
    average.dispose();
  });
});

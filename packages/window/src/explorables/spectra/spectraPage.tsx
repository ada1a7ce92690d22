import "./spectra.css";
import type { JSX } from "preact";

import { Iteration } from "./iteration.tsx";
import { spectraState } from "./spectraState.ts";
import { Updates } from "./updates.tsx";

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

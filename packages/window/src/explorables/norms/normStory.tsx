import type { JSX } from "preact";

import type { NormState } from "./normState.ts";
import { slices } from "./slices.ts";

/** What to look for. */
export function NormStory({ state: { slice, name, quick } }: { readonly state: NormState }): JSX.Element {
  const flat = slices[slice].axes.length === 2;
  return (
    <section>
      <h2>What to look for</h2>
      <p>
        {flat
          ? "The dashed line touches the ball where the oracle lies: all steps on it promise the same descent, the dual norm of G. Turn the gradient: on a corner the oracle stays where it is, however the gradient turns."
          : "Symmetric 2 × 2 matrices have three numbers: x and y on the diagonal, z/√2 beside it. Their spectral ball is a double cone with its tips at the identity and its negative; the nuclear ball, its dual, is a drum."}
      </p>
      <p>
        {stories[name] ??
          "Try operator, nuclear and frobenius in turn: Muon, Neon and normalised gradient descent are the same recipe over these three."}
      </p>
      {quick && (
        <p>
          Five Newton-Schulz steps are a polynomial of the singular values, not their sign: the oracle lies
          near the edge of the ball, not on it, and its size moves between 0.68 and 1.13.
        </p>
      )}
    </section>
  );
}

const stories: Readonly<Record<string, string>> = {
  max: "The ball of the max norm is a square, so the oracle is −sign(G): signSGD and Lion.",
  sign: "The ball is a square, so the oracle is −sign(G): signSGD and Lion. Scion takes it for embeddings and heads.",
  l1: "The ball of the sum norm is a diamond: the oracle moves one entry, the one with the largest gradient.",
  frobenius:
    "The ball is round: the oracle is the gradient itself, normalised. Every direction counts as it is.",
  operator:
    "Of diagonal matrices the spectral ball is a square: Muon sets both singular values to 1, however small one of them is.",
  spectral:
    "Scion's spectral norm: Muon's step with a factor √(dOut/dIn), so that one rate serves layers of all shapes.",
  nuclear: "The nuclear ball is a diamond: Neon moves along the largest singular pair alone.",
  f_star:
    "F-Muon: a square mixed with a disc. At α = 1 it is Muon, at 0 the normalised gradient; corners become round.",
  f_two: "F-Neon: a diamond mixed with a disc. At α = 1 it is Neon, at 0 the normalised gradient.",
  schatten_p:
    "p = 2 is the round ball; with growing p it becomes the spectral square, towards 1 the nuclear diamond.",
  kyfan_dual_k: "k = 1 is the nuclear norm, k = 2, the rank of these matrices, the spectral norm.",
};

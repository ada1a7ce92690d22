import "./norms.css";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import { setQuery } from "../../address/address.ts";
import { hasPolar, knobsOf, normsOn } from "./drawableNorms.ts";
import { type Answer, circle, type NormPicture, pictureNorm, sphere } from "./normPicture.ts";
import { type NormState, normState, REACH, setGradient } from "./normState.ts";
import { type SliceName, slices } from "./slices.ts";
import { UnitBall } from "./unitBall.tsx";
import { UnitBody } from "./unitBody.tsx";

const DIRECTIONS = circle(360);
/** Five degrees apart, so that edges at 45 and 90 degrees lie on rings. */
const RINGS = 37;
const AROUND = 48;

/** What a norm makes of a gradient: its unit ball, the oracle, the dual norm and the step. */
export function NormsPage(): JSX.Element {
  const state = normState.value;
  const { slice, name, options, gradient } = state;
  const key = JSON.stringify([slice, name, options]);
  const picture = useMemo(() => pictureOf(state), [key]);
  const answer = useMemo(() => picture.norm.answer(gradient), [picture, ...gradient]);
  return (
    <>
      <h1>Which way is down? It depends on the norm</h1>
      <p class="lead">
        A gradient G says how much the loss changes along every direction. To choose <em>one</em> direction, a
        step has to have a size, and a norm is what measures it. Among all steps of size 1, the{" "}
        <strong>linear minimization oracle</strong> takes the one that goes furthest against G.
      </p>
      <Controls state={state} />
      <div class="norms">
        <div class="card">
          {picture.rings === undefined ? (
            <UnitBall
              boundary={picture.boundary}
              gradient={gradient}
              answer={answer}
              axes={slices[slice].axes}
              onGradient={setGradient}
            />
          ) : (
            <UnitBody rings={picture.rings} gradient={gradient} answer={answer} />
          )}
        </div>
        <div>
          <Gradient state={state} />
          <Numbers answer={answer} gradient={gradient} />
          <Story state={state} />
        </div>
      </div>
    </>
  );
}

interface Picture {
  readonly norm: NormPicture;
  readonly boundary: readonly number[][];
  /** In three dimensions. */
  readonly rings?: readonly number[][][] | undefined;
}

const made = new Map<string, Picture>();

/** Compiled and measured once for every choice. */
function pictureOf({ slice, name, options }: NormState): Picture {
  const key = JSON.stringify([slice, name, options]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const norm = pictureNorm(name, options, slices[slice]);
  // What stops at an approximate oracle is no ball: the body that is drawn is that of the exact norm.
  const exact = hasPolar(name) ? pictureNorm(name, { ...options, polar: "svd" }, slices[slice]) : norm;
  const flat = slices[slice].axes.length === 2;
  const rings = flat ? undefined : sphere(RINGS, AROUND);
  const boundary = exact.boundary(rings?.flat() ?? DIRECTIONS);
  const picture: Picture = {
    norm,
    boundary,
    rings: rings?.map((_, i) => boundary.slice(i * AROUND, (i + 1) * AROUND)),
  };
  made.set(key, picture);
  return picture;
}

function Controls({ state: { slice, name, options, quick } }: { readonly state: NormState }): JSX.Element {
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
            <option key={one} value={one satisfies string as SliceName}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {knobsOf(name).map(({ option, label, low, high, step, start }) => (
        <label key={option}>
          {label}
          <input
            type="range"
            min={low}
            max={high}
            step={step}
            value={Number(options[option] ?? start)}
            onInput={({ currentTarget }) => setQuery({ [option]: currentTarget.value })}
          />
          <output>{Number(options[option] ?? start).toFixed(step < 1 ? 2 : 0)}</output>
        </label>
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

function Gradient({ state: { slice, gradient } }: { readonly state: NormState }): JSX.Element {
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

const vector = (point: readonly number[]): string => `(${point.map((x) => x.toFixed(3)).join(", ")})`;

function Numbers({
  answer: { dual, lmo, step, inner, lmoValue },
  gradient,
}: {
  readonly answer: Answer;
  readonly gradient: readonly number[];
}): JSX.Element {
  return (
    <table class="numbers">
      <tbody>
        <Row name="gradient" formula="G" value={vector(gradient)} />
        <Row name="oracle" formula="lmo(G)" value={vector(lmo)} id="lmo" />
        <Row name="its size" formula="‖lmo(G)‖" value={lmoValue.toFixed(3)} />
        <Row name="descent along it" formula="⟨G, lmo(G)⟩" value={inner.toFixed(3)} />
        <Row name="dual norm" formula="‖G‖*" value={dual.toFixed(3)} id="dual" />
        <Row name="steepest descent" formula="‖G‖* · lmo(G)" value={vector(step)} id="step" />
      </tbody>
    </table>
  );
}

function Row(props: {
  readonly name: string;
  readonly formula: string;
  readonly value: string;
  readonly id?: string;
}): JSX.Element {
  return (
    <tr>
      <th class="text" scope="row">
        {props.name}
      </th>
      <td class="text formula">{props.formula}</td>
      <td id={props.id}>{props.value}</td>
    </tr>
  );
}

/** What to look for. */
function Story({ state: { slice, name, quick } }: { readonly state: NormState }): JSX.Element {
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

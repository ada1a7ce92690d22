import "./norms.css";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import { AnswerTable } from "./answerTable.tsx";
import { hasPolar } from "./drawableNorms.ts";
import { GradientSliders } from "./gradientSliders.tsx";
import { NormControls } from "./normControls.tsx";
import { circle, type NormPicture, pictureNorm, sphere } from "./normPicture.ts";
import { type NormState, normState, setGradient } from "./normState.ts";
import { NormStory } from "./normStory.tsx";
import { slices } from "./slices.ts";
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
      <NormControls state={state} />
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
          <GradientSliders state={state} />
          <AnswerTable answer={answer} gradient={gradient} />
          <NormStory state={state} />
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

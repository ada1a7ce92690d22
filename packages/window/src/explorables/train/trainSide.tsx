import type { JSX } from "preact";
import { setQuery } from "../../address/address.ts";
import { plain, short } from "../../format/quantities.ts";
import { Slider } from "../../shell/slider.tsx";
import { compiledNames } from "../compiledNames.ts";
import { engineText } from "./engine/engine.ts";
import type { TrainingSide } from "./openSide.ts";
import { emptyView, type SideView, tokensPerSecond } from "./sideView.ts";
import { type ChosenSide, type Place, RATES } from "./trainChoice.ts";

/** A side: its optimizer and rate, how it does, what it writes, and its files. */
export function TrainSide(props: {
  readonly place: Place;
  readonly chosen: ChosenSide;
  readonly side: TrainingSide | undefined;
  readonly colour: number;
}): JSX.Element {
  const { place, chosen, side, colour } = props;
  const view = side?.view.value ?? emptyView;
  return (
    <section class={`card train-side series${colour}`} aria-label={`${place} side`} data-status={view.status}>
      <div class="controls">
        <label>
          Optimizer
          <select
            value={chosen.optimizer}
            onChange={({ currentTarget }) =>
              setQuery({ [place]: currentTarget.value, [`${place}-rate`]: undefined })
            }
          >
            {compiledNames().map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Slider
          label="learning rate"
          value={chosen.rate}
          low={RATES.low}
          high={RATES.high}
          step={0.05}
          shown={`× ${Number((10 ** chosen.rate).toPrecision(2))}`}
          onValue={(rate) => setQuery({ [`${place}-rate`]: rate.toFixed(2) })}
        />
      </div>
      <Numbers view={view} />
      {view.fault !== undefined && (
        <p class="fault" role="alert">
          {view.fault}
        </p>
      )}
      <h2>What it writes</h2>
      <Samples view={view} />
      <div class="controls">
        <button type="button" disabled={side === undefined} onClick={() => side?.sample()}>
          Write now
        </button>
        <button type="button" disabled={side === undefined} onClick={() => side?.download("weights")}>
          model.safetensors
        </button>
        <button type="button" disabled={side === undefined} onClick={() => side?.download("config")}>
          config.json
        </button>
        <button type="button" disabled={side === undefined} onClick={() => side?.download("onnx")}>
          Step as .onnx
        </button>
      </div>
    </section>
  );
}

function Numbers({ view }: { readonly view: SideView }): JSX.Element {
  const last = view.losses.at(-1);
  const speed = tokensPerSecond(view);
  return (
    <>
      <dl class="numbers">
        <div>
          <dt>step</dt>
          <dd class="step">{view.step}</dd>
        </div>
        <div>
          <dt>loss</dt>
          <dd class="loss" title={last === undefined ? "" : String(last)}>
            {last === undefined ? "–" : last.toFixed(3)}
          </dd>
        </div>
        <div>
          <dt>tokens/s</dt>
          <dd>{speed === undefined ? "–" : short(speed)}</dd>
        </div>
        <div>
          <dt>parameters</dt>
          <dd>{view.parameters === 0 ? "–" : plain(view.parameters)}</dd>
        </div>
      </dl>
      <p class="quiet engine">{view.engine === undefined ? "starting …" : engineText(view.engine)}</p>
      <p class="quiet saved" aria-live="polite">
        {view.saved}
      </p>
    </>
  );
}

function Samples({ view }: { readonly view: SideView }): JSX.Element {
  const [last, ...before] = view.samples.toReversed();
  if (last === undefined)
    return <p class="quiet sample">Nothing yet: every hundred steps it writes something.</p>;
  return (
    <>
      <blockquote class="sample">
        <span class="quiet">after {last.step} steps</span>
        {last.text}
      </blockquote>
      {before.length > 0 && (
        <details>
          <summary>Before that</summary>
          {before.map(({ step, text }) => (
            <blockquote key={step} class="sample">
              <span class="quiet">after {step} steps</span>
              {text}
            </blockquote>
          ))}
        </details>
      )}
    </>
  );
}

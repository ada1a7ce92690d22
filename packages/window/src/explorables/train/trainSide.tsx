import type { JSX } from "preact";
import { setQuery } from "../../address/address.ts";
import { plain, short } from "../../format/quantities.ts";
import { Slider } from "../../shell/slider.tsx";
import { compiledNames } from "../compiledNames.ts";
import { engineText } from "./engine/engine.ts";
import { isRead } from "./engine/sample.ts";
import type { Subject } from "./engine/trainSettings.ts";
import type { TrainingSide } from "./openSide.ts";
import { Samples } from "./samples.tsx";
import { emptyView, type SideView, speedOf } from "./sideView.ts";
import { type ChosenSide, type Place, RATES } from "./trainChoice.ts";

/** A side: its optimizer and rate, how it does, what it writes or reads, and its files. */
export function TrainSide(props: {
  readonly place: Place;
  readonly subject: Subject;
  readonly chosen: ChosenSide;
  readonly side: TrainingSide | undefined;
  readonly colour: number;
}): JSX.Element {
  const { place, subject, chosen, side, colour } = props;
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
      <Numbers subject={subject} view={view} />
      {view.fault !== undefined && (
        <p class="fault" role="alert">
          {view.fault}
        </p>
      )}
      <Samples subject={subject} view={view} />
      <div class="controls">
        <button type="button" disabled={side === undefined} onClick={() => side?.sample()}>
          {subject === "digits" ? "Read now" : "Write now"}
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

function Numbers({ subject, view }: { readonly subject: Subject; readonly view: SideView }): JSX.Element {
  const last = view.losses.at(-1);
  const speed = speedOf(view);
  const read = view.samples.findLast(isRead);
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
        {subject === "digits" && (
          <div>
            <dt>right answers</dt>
            <dd class="accuracy">{read === undefined ? "–" : `${(100 * read.accuracy).toFixed(1)} %`}</dd>
          </div>
        )}
        <div>
          <dt>{subject === "digits" ? "images/s" : "tokens/s"}</dt>
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

import "./memory.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { setQuery } from "../../address/address.ts";
import { Slider } from "../../shell/slider.tsx";
import { compiledNames } from "../compiledNames.ts";
import { frequencies, MOST_STEPS } from "./associativeMemory.ts";
import { LEAST_RATE, MOST_EXPONENT, MOST_RATE, memoryChoice } from "./memoryState.ts";
import { MemoryView } from "./memoryView.tsx";
import { type Memories, useMemories } from "./useMemories.ts";

/** A small memory of pairs, some of which are rare, trained by two methods beside each other. */
export function MemoryPage(): JSX.Element {
  const { sides, exponent } = memoryChoice.value;
  const [playing, setPlaying] = useState(
    () => !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
  const memories = useMemories(sides, exponent, playing);
  useEffect(() => {
    if (memories.left !== undefined && memories.left.step >= MOST_STEPS) setPlaying(false);
  }, [memories.left]);
  // What comes later would push what is below it.
  const begun = (["left", "right"] as const).every(
    (name) => memories[name] !== undefined || memories.fault[name] !== undefined,
  );
  return (
    <>
      <h1>Why does Muon remember what is rare?</h1>
      <p class="lead">
        A matrix W should answer each of eight keys with its value. Pair 1 is asked for most often, pair 8
        seldom. A method that follows the gradient learns what is frequent and leaves the rest for later.
      </p>
      <div class="controls">
        <button type="button" class="main" onClick={() => setPlaying(!playing)}>
          {playing ? "Pause" : "Train"}
        </button>
        <button type="button" disabled={playing} onClick={() => memories.advance(1)}>
          One step
        </button>
        <button type="button" onClick={memories.restart}>
          From the start
        </button>
        <Slider
          label="frequencies i^−s, s"
          value={exponent}
          low={0}
          high={MOST_EXPONENT}
          step={0.05}
          shown={exponent.toFixed(2)}
          onValue={(value) => setQuery({ zipf: String(value) })}
        />
        <span class="quiet">
          step <output id="step">{memories.left?.step ?? 0}</output>
        </span>
      </div>
      <div class="sides">
        {begun &&
          (["left", "right"] as const).map((name, i) => (
            <Side key={name} name={name} index={i} memories={memories} frequencies={frequencies(exponent)} />
          ))}
      </div>
      {begun && <Story />}
    </>
  );
}

const Story = (): JSX.Element => (
  <section>
    <h2>What to look for</h2>
    <p>
      The gradient of pair i is as large as the pair is frequent. These frequencies are the singular values of
      the gradient, and plain gradient descent learns each direction at its own pace. Muon makes all singular
      values of the step alike, so the eight directions come at the same pace: its spectrum rises as one. Adam
      stands between them: it makes entries alike, not directions.
    </p>
    <p>
      Two-dimensional pictures of a valley cannot show this, since there are no rare directions in them. Set s
      to 0: where all pairs are asked for equally, nothing is left of the difference. Move the rate of sgd up:
      a larger one helps the rare pairs, until the most frequent one diverges. After Wang et al. 2025,
      arXiv:2509.26030.
    </p>
  </section>
);

function Side(props: {
  readonly name: "left" | "right";
  readonly index: 0 | 1 | number;
  readonly memories: Memories;
  readonly frequencies: readonly number[];
}): JSX.Element {
  const { name, index, memories } = props;
  const side = memoryChoice.value.sides[index === 0 ? 0 : 1];
  const state = memories[name];
  return (
    <section class="card" aria-label={`${name} side`}>
      <div class="controls">
        <label>
          Optimizer
          <select
            value={side.optimizer}
            onChange={({ currentTarget }) =>
              setQuery({ [name]: currentTarget.value, [`${name}-rate`]: undefined })
            }
          >
            {compiledNames().map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <Slider
          label="rate"
          value={side.rate}
          low={LEAST_RATE}
          high={MOST_RATE}
          step={0.05}
          shown={String(Number((10 ** side.rate).toPrecision(2)))}
          onValue={(rate) => setQuery({ [`${name}-rate`]: rate.toFixed(2) })}
        />
      </div>
      {memories.fault[name] === undefined ? (
        state !== undefined && (
          <MemoryView
            state={state}
            history={memories.history[name]}
            frequencies={props.frequencies}
            colour={index}
          />
        )
      ) : (
        <p class="quiet">{memories.fault[name]}</p>
      )}
    </section>
  );
}

import "./descent.css";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";

import { setQuery } from "../../address/address.ts";
import { Slider } from "../../shell/slider.tsx";
import { descentState, knobs, MOST_STEPS, walkNorms } from "./descentState.ts";
import { DescentStory } from "./descentStory.tsx";
import { DualChart } from "./dualChart.tsx";
import { EXTENT, landscapes } from "./landscape.ts";
import { LandscapeView, setStart } from "./landscapeView.tsx";
import { type WalkName, walker } from "./walks.ts";
import { WalkTable } from "./walkTable.tsx";

/** Four ways down the same landscape: steps of fixed length, steepest, clipped, and in a ball. */
export function DescentPage(): JSX.Element {
  const state = descentState.value;
  const { landscape, norm, settings, start, steps } = state;
  const walk = useMemo(() => walker(landscape, norm), [landscape, norm]);
  const walks = useMemo(() => walk(start, settings, steps), [walk, state]);
  const [hidden, setHidden] = useState<ReadonlySet<WalkName>>(new Set());
  const toggle = (name: WalkName): void => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  return (
    <>
      <h1>When should a step be shorter?</h1>
      <p class="lead">
        Every method here steps along the oracle of a norm. They differ in how far. Drag the start, or move
        the sliders.
      </p>
      <div class="descent">
        <section class="card">
          <LandscapeView state={state} walks={walks} hidden={hidden} />
          <p class="quiet">f = {landscapes[landscape].formula}</p>
          <h2>‖∇f‖* at each step, beside ρ</h2>
          <DualChart walks={walks} threshold={settings.threshold} hidden={hidden} />
        </section>
        <section class="card">
          <Choices />
          <fieldset class="knobs">
            <legend>Settings of all four</legend>
            {knobs.map(({ name, label, low, high, step }) => (
              <Slider
                key={name}
                label={label}
                value={settings[name]}
                low={low}
                high={high}
                step={step}
                shown={settings[name].toFixed(2)}
                onValue={(value) => setQuery({ [name]: value.toFixed(2) })}
              />
            ))}
            <Slider
              label="steps"
              value={steps}
              low={1}
              high={MOST_STEPS}
              step={1}
              shown={String(steps)}
              onValue={(value) => setQuery({ steps: String(value) })}
            />
            {(["x", "y"] as const).map((axis, i) => (
              <Slider
                key={axis}
                label={`start, ${axis}`}
                value={start[i] ?? 0}
                low={-EXTENT}
                high={EXTENT}
                step={0.01}
                shown={(start[i] ?? 0).toFixed(2)}
                onValue={(value) =>
                  setStart(axis === "x" ? value : start[0], axis === "y" ? value : start[1])
                }
              />
            ))}
          </fieldset>
          <WalkTable walks={walks} settings={settings} hidden={hidden} onToggle={toggle} />
        </section>
      </div>
      <DescentStory />
    </>
  );
}

function Choices(): JSX.Element {
  const { landscape, norm } = descentState.value;
  return (
    <div class="controls">
      <label>
        Landscape
        <select
          value={landscape}
          onChange={({ currentTarget }) => setQuery({ on: currentTarget.value, x: undefined, y: undefined })}
        >
          {Object.entries(landscapes).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Norm
        <select value={norm} onChange={({ currentTarget }) => setQuery({ norm: currentTarget.value })}>
          {Object.entries(walkNorms).map(([name, label]) => (
            <option key={name} value={name}>
              {name}, {label}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

import "./train.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { setQuery } from "../../address/address.ts";
import { CurveChart } from "../../chart/curveChart.tsx";
import { Slider } from "../../shell/slider.tsx";
import { DigitsCard } from "./digits/digitsCard.tsx";
import { accuracyLine, lossLine } from "./lossLine.ts";
import { emptyView } from "./sideView.ts";
import { openStore } from "./storage/openStore.ts";
import { settingsKey } from "./storage/settingsKey.ts";
import { TextChoice } from "./textChoice.tsx";
import { places, trainChoice } from "./trainChoice.ts";
import { TrainControls } from "./trainControls.tsx";
import { TrainSide } from "./trainSide.tsx";
import { TrainStory } from "./trainStory.tsx";
import { useText } from "./useText.ts";
import { useOwner, useTraining } from "./useTraining.ts";

/** Two optimizers train the same small GPT or CNN beside each other, in this tab. */
export function TrainPage(): JSX.Element {
  const choice = trainChoice.value;
  const { subject } = choice;
  const used = useText(choice.text);
  const material = subject === "digits" ? "" : used.text;
  const { owner, maySave } = useOwner();
  const [round, setRound] = useState(0);
  const left = useTraining("left", choice, material, maySave, round);
  const right = useTraining("right", choice, material, maySave, round);
  const both = [left, right] as const;
  const views = both.map((side) => side?.view.value ?? emptyView);
  const running = views.some(({ status }) => status === "running");
  const { sides, stop, smooth, axis } = choice;
  useEffect(() => {
    if (owner) for (const side of both) side?.save(); // the other tab is gone
  }, [owner]);

  const restart = async (): Promise<void> => {
    for (const side of both) side?.dispose();
    const store = await openStore();
    const { size, seed } = choice;
    if (material !== undefined && maySave())
      for (const place of places) {
        const settings = { subject, optimizer: sides[place].optimizer, size, seed, text: material };
        await store?.remove(`${place}-${settingsKey(settings)}`);
      }
    setRound(round + 1);
  };
  const lines = views.map((view, colour) => {
    const place = places[colour] ?? "left";
    const { optimizer, rate } = sides[place];
    const label = rate === 0 ? optimizer : `${optimizer}, rate × ${Number((10 ** rate).toPrecision(2))}`;
    const look = { key: place, label, colour };
    return { loss: lossLine(view, look, { axis, smooth }), accuracy: accuracyLine(view, look, axis) };
  });
  const xLabel = axis === "step" ? "step" : "seconds";
  return (
    <>
      <h1>
        Which optimizer teaches {subject === "digits" ? "a small CNN to read" : "a small GPT to write"}{" "}
        sooner?
      </h1>
      <p class="lead">
        Two copies of one model learn the same{" "}
        {subject === "digits" ? "digits, picture by picture" : "text, letter by letter"}, here in this tab:
        the same start, the same order, two optimizers. Nothing leaves this machine.
      </p>
      <div class="controls">
        <button
          type="button"
          class="main"
          disabled={left === undefined || right === undefined}
          onClick={() => {
            for (const side of both) running ? side?.pause() : side?.run(stop);
          }}
        >
          {running ? "Pause" : "Train"}
        </button>
        <button
          type="button"
          disabled={running || left === undefined}
          onClick={() => {
            for (const [i, side] of both.entries()) side?.run((views[i]?.step ?? 0) + 1);
          }}
        >
          One step
        </button>
        <button type="button" onClick={() => void restart()}>
          From the start
        </button>
      </div>
      <TrainControls choice={choice} />
      {owner === false && (
        <p class="fault" role="status">
          Another tab trains here and saves. This one trains, too, but saves nothing until that one is closed.
        </p>
      )}
      <div class="sides">
        {places.map((place, colour) => (
          <TrainSide
            key={place}
            subject={subject}
            place={place}
            chosen={sides[place]}
            side={both[colour]}
            colour={colour}
          />
        ))}
      </div>
      <section class="card">
        <h2>Loss</h2>
        <div class="controls">
          <label>
            against
            <select value={axis} onChange={({ currentTarget }) => setQuery({ x: currentTarget.value })}>
              <option value="step">steps</option>
              <option value="seconds">seconds of its own steps</option>
            </select>
          </label>
          <Slider
            label="smoothing"
            value={smooth}
            low={0}
            high={0.99}
            step={0.01}
            shown={smooth.toFixed(2)}
            onValue={(value) => setQuery({ smooth: String(value) })}
          />
        </div>
        <CurveChart
          title="Training loss of both sides"
          lines={lines.map(({ loss }) => loss)}
          xLabel={xLabel}
          yLabel={`loss, nats ${subject === "digits" ? "a digit" : "a character"}`}
          xLog={false}
          yLog={false}
          height={300}
        />
        {subject === "digits" && (
          <>
            <h2>Right answers on digits it never learned from</h2>
            <CurveChart
              title="Right answers of both sides"
              lines={lines.map(({ accuracy }) => accuracy)}
              xLabel={xLabel}
              yLabel="right answers, %"
              xLog={false}
              yLog={false}
              height={220}
            />
          </>
        )}
      </section>
      {subject === "digits" ? <DigitsCard /> : <TextChoice wanted={choice.text} used={used} />}
      <TrainStory subject={subject} />
    </>
  );
}

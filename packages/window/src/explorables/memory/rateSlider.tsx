import type { JSX } from "preact";

import { LEAST_RATE, MOST_RATE } from "./memoryState.ts";

/** A learning rate on a log scale. */
export function RateSlider(props: {
  /** Base 10 logarithm. */
  readonly value: number;
  onRate(value: number): void;
}): JSX.Element {
  return (
    <label>
      rate
      <input
        type="range"
        min={LEAST_RATE}
        max={MOST_RATE}
        step={0.05}
        value={props.value}
        onInput={({ currentTarget }) => props.onRate(currentTarget.valueAsNumber)}
      />
      <output>{Number((10 ** props.value).toPrecision(2))}</output>
    </label>
  );
}

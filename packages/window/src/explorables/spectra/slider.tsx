import type { JSX } from "preact";

import { setQuery } from "../../address/address.ts";

/** A number of the address. */
export function Slider(props: {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}): JSX.Element {
  return (
    <label>
      {props.label}
      <input
        type="range"
        min={props.low}
        max={props.high}
        step={props.step}
        value={props.value}
        onInput={({ currentTarget }) => setQuery({ [props.name]: currentTarget.value })}
      />
      <output>{props.step < 1 ? props.value.toFixed(2) : props.value}</output>
    </label>
  );
}

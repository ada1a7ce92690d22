import type { JSX } from "preact";

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** What is written beside it. */
  readonly shown: string;
  onValue(value: number): void;
}

/** A number that a hand can move, with its label and what it is now. */
export function Slider({ label, value, low, high, step, shown, onValue }: SliderProps): JSX.Element {
  return (
    <label>
      {label}
      <input
        type="range"
        min={low}
        max={high}
        step={step}
        value={value}
        onInput={({ currentTarget }) => onValue(currentTarget.valueAsNumber)}
      />
      <output>{shown}</output>
    </label>
  );
}

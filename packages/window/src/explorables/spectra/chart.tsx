import type { JSX } from "preact";

export interface ChartLine {
  readonly values: readonly number[];
  readonly className: string;
}

interface ChartProps {
  readonly label: string;
  readonly lines: readonly ChartLine[];
  /** Of each value, from 0 to 1. */
  readonly places: readonly number[];
  /** Where 0 to 1 are written, and how. */
  readonly ticks: readonly (readonly [place: number, text: string])[];
  readonly axis: string;
  readonly most: number;
}

const WIDTH = 560;
const HEIGHT = 300;
const LEFT = 36;
const BOTTOM = 44;
const TOP = 10;

/** Lines over one axis; values from 0 to `most`, with a mark at 1. */
export function Chart({ label, lines, places, ticks, axis, most }: ChartProps): JSX.Element {
  const x = (place: number): number => LEFT + place * (WIDTH - LEFT - 8);
  const y = (value: number): number =>
    HEIGHT - BOTTOM - (Math.min(Math.max(value, -0.1), most) / most) * (HEIGHT - BOTTOM - TOP);
  const path = (values: readonly number[]): string =>
    values.map((value, i) => `${x(places[i] ?? 0).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return (
    <svg class="spectra-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {[0, 0.5, 1].map((value) => (
        <g key={value}>
          <line class={value === 1 ? "one" : "grid"} x1={LEFT} x2={WIDTH - 8} y1={y(value)} y2={y(value)} />
          <text x={LEFT - 8} y={y(value) + 5} text-anchor="end">
            {value}
          </text>
        </g>
      ))}
      {ticks.map(([place, text]) => (
        <text key={text} x={x(place)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
          {text}
        </text>
      ))}
      <text class="axis" x={(LEFT + WIDTH) / 2} y={HEIGHT - 6} text-anchor="middle">
        {axis}
      </text>
      {lines.map(({ values, className }) => (
        <polyline key={className} class={className} points={path(values)} />
      ))}
    </svg>
  );
}

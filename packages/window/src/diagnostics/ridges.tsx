import type { JSX } from "preact";

import { extent, scaleOf } from "../chart/scale.ts";
import { ticks } from "../chart/ticks.ts";
import { short } from "../format/quantities.ts";
import { densityOf, spread } from "./densities.ts";
import type { Spectrum } from "./heatMap.tsx";

const [WIDTH, LEFT, RIGHT, TOP, BOTTOM] = [900, 80, 16, 64, 46];
const PLACES = 120;
/** Of steps: more would hide each other. */
const RIDGES = 24;
/** Between two base lines. */
const GAP = 22;
/** Of the highest ridge, which may reach over those behind it. */
const HIGH = 60;

/** Where the singular values of a matrix lie, a ridge for each step, the last in front. Logarithmic. */
export function Ridges(props: {
  readonly spectra: readonly Spectrum[];
  readonly title: string;
}): JSX.Element {
  const shown = spread(props.spectra, RIDGES);
  const range = extent(
    shown.flatMap(({ singularValues }) => singularValues),
    true,
  );
  const densities = shown.map(({ singularValues }) => densityOf(singularValues, range, PLACES));
  const most = Math.max(...densities.flat(), Number.MIN_VALUE);
  const x = scaleOf([0, PLACES - 1], [LEFT, WIDTH - RIGHT], false);
  const value = scaleOf(range, [LEFT, WIDTH - RIGHT], true);
  const base = (row: number): number => TOP + row * GAP;
  const end = base(shown.length - 1);
  const height = end + BOTTOM;
  return (
    <svg class="figure ridges" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={props.title}>
      {densities.map((density, row) => {
        const points = density.map(
          (one, i) => `${x(i).toFixed(1)},${(base(row) - (one / most) * HIGH).toFixed(1)}`,
        );
        const step = shown[row]?.step ?? 0;
        return (
          <g key={step}>
            <polygon points={`${LEFT},${base(row)} ${points.join(" ")} ${WIDTH - RIGHT},${base(row)}`} />
            <polyline points={points.join(" ")} />
            <text x={LEFT - 10} y={base(row)} text-anchor="end">
              {short(step)}
            </text>
          </g>
        );
      })}
      {ticks(...range, 7, true).map((tick) => (
        <text key={tick} x={value(tick)} y={end + 20} text-anchor="middle">
          {short(tick)}
        </text>
      ))}
      <text x={(LEFT + WIDTH) / 2} y={height - 6} text-anchor="middle">
        singular value
      </text>
      <text x={LEFT - 10} y={TOP - 24} text-anchor="end">
        step
      </text>
    </svg>
  );
}

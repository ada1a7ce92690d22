import type { JSX } from "preact";

import { extent, scaleOf } from "../chart/scale.ts";
import { ticks } from "../chart/ticks.ts";
import { short } from "../format/quantities.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [900, 340, 62, 16, 12, 46];
const ROWS = 48;
/** More columns than that would be narrower than a pixel on most screens. */
const COLUMNS = 240;

export interface Spectrum {
  readonly step: number;
  readonly singularValues: readonly number[];
}

/** Where the singular values of a matrix lie over the steps: the stronger the colour, the more of them. Logarithmic. */
export function HeatMap({
  spectra,
  title,
}: {
  readonly spectra: readonly Spectrum[];
  readonly title: string;
}): JSX.Element {
  const every = Math.max(1, Math.ceil(spectra.length / COLUMNS));
  const shown = spectra.filter((_, i) => i % every === 0);
  const ys = extent(
    shown.flatMap(({ singularValues }) => singularValues),
    true,
  );
  const xs = extent(
    shown.map(({ step }) => step),
    false,
  );
  const x = scaleOf(xs, [LEFT, WIDTH - RIGHT], false);
  const y = scaleOf(ys, [HEIGHT - BOTTOM, TOP], true);
  const row = scaleOf(ys, [0, ROWS], true);
  const height = (HEIGHT - BOTTOM - TOP) / ROWS;
  const cells = shown.flatMap(({ step, singularValues }, i) => {
    const next = shown[i + 1]?.step ?? step + (step - (shown[i - 1]?.step ?? step - 1));
    const counts = new Map<number, number>();
    for (const value of singularValues) {
      if (!(value > 0)) continue;
      const at = Math.min(ROWS - 1, Math.max(0, Math.floor(row(value))));
      counts.set(at, (counts.get(at) ?? 0) + 1);
    }
    const most = Math.max(1, ...counts.values());
    return [...counts].map(([at, count]) => (
      <rect
        key={`${step}/${at}`}
        x={x(step)}
        width={Math.max(1, Math.min(x(next), WIDTH - RIGHT) - x(step) + 0.4)}
        y={HEIGHT - BOTTOM - (at + 1) * height}
        height={height + 0.4}
        opacity={0.15 + (0.85 * count) / most}
      />
    ));
  });
  return (
    <svg class="figure heat" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
      {cells}
      {ticks(...xs, 7, false).map((tick) => (
        <text key={tick} x={x(tick)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
          {short(tick)}
        </text>
      ))}
      {ticks(...ys, 6, true).map((tick) => (
        <text key={tick} x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
          {short(tick)}
        </text>
      ))}
      <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 6} text-anchor="middle">
        step
      </text>
    </svg>
  );
}

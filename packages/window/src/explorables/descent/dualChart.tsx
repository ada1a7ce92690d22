import type { JSX } from "preact";

import { extent, scaleOf } from "../../chart/scale.ts";
import { ticks } from "../../chart/ticks.ts";
import { short } from "../../format/quantities.ts";
import { type WalkName, type Walks, walkNames } from "./walks.ts";

const [WIDTH, HEIGHT] = [560, 230];
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 16, 10, 46];
/** Smaller ones are drawn there: what has arrived would press all else to the top. */
const LEAST = 1e-4;

/** ‖∇f‖_* at each step of the walks, on a log scale, with ρ across: below it the clipped walk takes shorter steps. */
export function DualChart(props: {
  readonly walks: Walks;
  readonly threshold: number;
  readonly hidden: ReadonlySet<WalkName>;
}): JSX.Element {
  const { walks, threshold, hidden } = props;
  const shown = walkNames.filter((name) => !hidden.has(name));
  const duals = (name: WalkName): number[] => walks[name].map(({ dual }) => Math.max(LEAST, dual));
  const steps = walks.fixed.length - 1;
  const [low, high] = extent([...shown.flatMap(duals), threshold], true);
  const domain: [number, number] = [low / 1.3, high * 1.3];
  const x = scaleOf([0, Math.max(1, steps)], [LEFT, WIDTH - RIGHT], false);
  const y = scaleOf(domain, [HEIGHT - BOTTOM, TOP], true);
  const rho = y(threshold);
  const ends = shown.map((name) => `${name} ${short(walks[name].at(-1)?.dual)}`).join(", ");
  return (
    <svg
      class="duals"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Dual norm of the gradient at each of ${steps} steps beside ρ = ${threshold.toFixed(2)}; at the end ${ends}`}
    >
      <rect class="below" x={LEFT} y={rho} width={WIDTH - LEFT - RIGHT} height={HEIGHT - BOTTOM - rho} />
      {ticks(...domain, 4, true).map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 6} y={y(tick) + 4} text-anchor="end">
            {short(tick)}
          </text>
        </g>
      ))}
      {ticks(0, Math.max(1, steps), 6, false).map((tick) => (
        <text key={tick} x={x(tick)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
          {tick}
        </text>
      ))}
      <text x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 3} text-anchor="middle">
        step
      </text>
      <line class="rho" x1={LEFT} x2={WIDTH - RIGHT} y1={rho} y2={rho} />
      <text class="name" x={WIDTH - RIGHT - 4} y={rho - 5} text-anchor="end">
        ρ
      </text>
      {shown.map((name) => (
        <g key={name} class={`walk ${name}`}>
          <polyline
            points={duals(name)
              .map((dual, step) => `${x(step)},${y(dual)}`)
              .join(" ")}
          />
        </g>
      ))}
    </svg>
  );
}

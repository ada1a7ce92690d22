import type { JSX } from "preact";

import { strokeOf } from "../chart/colours.ts";
import { extent, scaleOf } from "../chart/scale.ts";
import { ticks } from "../chart/ticks.ts";
import { groupsOf } from "../compare/groupsOf.ts";
import { loss, setting, short } from "../format/quantities.ts";
import type { TrialPoint } from "./readTrials.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [900, 400, 62, 16, 12, 46];

interface ScatterProps {
  readonly trials: readonly TrialPoint[];
  readonly name: string;
  readonly xLog: boolean;
  readonly yLog: boolean;
}

/** Loss against one setting: a point for each trial, and of each optimizer a line through the best at each value. */
export function Scatter({ trials, name, xLog, yLog }: ScatterProps): JSX.Element {
  const points = trials.flatMap((trial) => {
    const at = trial.settings[name];
    return typeof at === "number" && trial.valLoss !== null && (!xLog || at > 0)
      ? [{ trial, at, loss: trial.valLoss }]
      : [];
  });
  const xs = extent(
    points.map(({ at }) => at),
    xLog,
  );
  const ys = extent(
    points.map((point) => point.loss),
    yLog,
  );
  const x = scaleOf(xs, [LEFT + 10, WIDTH - RIGHT - 10], xLog);
  const y = scaleOf(ys, [HEIGHT - BOTTOM - 8, TOP + 8], yLog);
  const groups = [...groupsOf(points, ({ trial }) => trial.label)];
  return (
    <svg
      class="figure"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`validation loss against ${name}`}
    >
      {ticks(...xs, 7, xLog).map((tick) => (
        <g key={tick}>
          <line class="grid" x1={x(tick)} x2={x(tick)} y1={TOP} y2={HEIGHT - BOTTOM} />
          <text x={x(tick)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
            {short(tick)}
          </text>
        </g>
      ))}
      {ticks(...ys, 6, yLog).map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
            {short(tick)}
          </text>
        </g>
      ))}
      <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 6} text-anchor="middle">
        {name}
      </text>
      {groups.map(([label, members], colour) => {
        const best = [...groupsOf(members, ({ at }) => String(at)).values()]
          .map((same) => ({ at: same[0]?.at ?? 0, loss: Math.min(...same.map((point) => point.loss)) }))
          .sort((a, b) => a.at - b.at);
        const stroke = `var(${strokeOf(colour).colour})`;
        return (
          <g key={label}>
            <polyline
              points={best.map((point) => `${x(point.at)},${y(point.loss)}`).join(" ")}
              fill="none"
              style={{ stroke }}
              stroke-width="1.5"
            />
            {members.map(({ trial, at, loss: value }) => (
              <circle key={trial.id} cx={x(at)} cy={y(value)} r="4" style={{ fill: stroke }}>
                <title>{`${label}: ${Object.entries(trial.settings)
                  .map(([key, given]) => `${key} ${setting(given)}`)
                  .join(", ")}, seed ${trial.seed}: ${loss(value)}`}</title>
              </circle>
            ))}
          </g>
        );
      })}
    </svg>
  );
}

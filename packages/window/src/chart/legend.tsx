import type { JSX } from "preact";

import { strokeOf } from "./colours.ts";
import type { Aligned, Line } from "./line.ts";

interface LegendProps {
  readonly lines: readonly Line[];
  readonly data: Aligned;
  readonly cursor: number | null;
  readonly xLabel: string;
  readonly format: (value: number) => string;
}

/** More would only push the page down. */
const MOST = 24;

/** Names, colours, and the values where the pointer is, else the last ones. */
export function Legend({ lines, data, cursor, xLabel, format }: LegendProps): JSX.Element {
  const x = cursor === null ? undefined : data.x[cursor];
  return (
    <div class="legend">
      <span class="where">{x === undefined ? "at the end" : `${xLabel} ${format(x)}`}</span>
      <ul>
        {lines.slice(0, MOST).map((line, i) => (
          <li key={line.key}>
            <Swatch colour={line.colour} />
            <span class="name" title={line.label}>
              {line.label}
            </span>
            <span class="value">{valueAt(line, data.at[i], cursor, format)}</span>
          </li>
        ))}
        {lines.length > MOST && <li class="quiet">and {lines.length - MOST} more</li>}
      </ul>
    </div>
  );
}

export function Swatch({ colour }: { readonly colour: number }): JSX.Element {
  const { colour: name, dash } = strokeOf(colour);
  return (
    <svg class="swatch" width="18" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="18"
        y1="4"
        y2="4"
        style={{ stroke: `var(${name})` }}
        stroke-width="3"
        stroke-dasharray={dash.join(" ")}
      />
    </svg>
  );
}

function valueAt(
  line: Line,
  at: Int32Array | undefined,
  cursor: number | null,
  format: LegendProps["format"],
): string {
  const { mean } = line.curve;
  if (cursor === null) return format(mean.at(-1) ?? Number.NaN);
  // The last value at or before the pointer: lines need not have one at every x.
  for (let i = cursor; i >= 0; i--) {
    const index = at?.[i] ?? -1;
    if (index >= 0) return format(mean[index] ?? Number.NaN);
  }
  return "–";
}

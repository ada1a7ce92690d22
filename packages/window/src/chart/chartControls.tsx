import type { JSX } from "preact";

import { setQuery } from "../address/address.ts";
import { axes, type Choices, chooseZoom, metrics } from "./choices.ts";

const axisTitles: Readonly<Record<string, string>> = { step: "steps", seconds: "time", flops: "FLOPs" };
const smoothings = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

/** What a chart of runs shows: every choice goes into the address. */
export function ChartControls({ chosen }: { readonly chosen: Choices }): JSX.Element {
  const at = smoothings.findLastIndex((value) => value <= chosen.smooth);
  return (
    <div class="controls">
      <label>
        show
        <select
          value={chosen.metric}
          onChange={({ currentTarget }) => setQuery({ metric: currentTarget.value })}
        >
          {Object.entries(metrics).map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        against
        <select
          value={chosen.x}
          onChange={({ currentTarget }) =>
            setQuery({ x: currentTarget.value, from: undefined, to: undefined })
          }
        >
          {Object.keys(axes).map((name) => (
            <option key={name} value={name}>
              {axisTitles[name] ?? name}
            </option>
          ))}
        </select>
      </label>
      <label>
        smoothing
        <input
          type="range"
          min="0"
          max={smoothings.length - 1}
          value={at}
          aria-valuetext={String(chosen.smooth)}
          onInput={({ currentTarget }) =>
            setQuery({ smooth: String(smoothings[Number(currentTarget.value)] ?? 0) })
          }
        />
        <output>{chosen.smooth}</output>
      </label>
      <Check name="xlog" label="log x" on={chosen.xLog} />
      <Check name="ylog" label="log y" on={chosen.yLog} />
      <button type="button" disabled={chosen.from === undefined} onClick={() => chooseZoom(undefined)}>
        Show all
      </button>
    </div>
  );
}

function Check({ name, label, on }: { readonly name: string; readonly label: string; readonly on: boolean }) {
  return (
    <label>
      <input
        type="checkbox"
        checked={on}
        onChange={({ currentTarget }) =>
          setQuery({ [name]: currentTarget.checked ? "1" : undefined, from: undefined, to: undefined })
        }
      />
      {label}
    </label>
  );
}

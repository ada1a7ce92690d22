import "uplot/dist/uPlot.min.css";
import "./chart.css";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";

import { plain } from "../format/quantities.ts";
import { dark } from "../shell/theme.ts";
import { chartOptions } from "./chartOptions.ts";
import { ExportButtons } from "./exportButtons.tsx";
import { Legend } from "./legend.tsx";
import { aligned, type Line } from "./line.ts";

export interface CurveChartProps {
  /** What the chart shows, in words. */
  readonly title: string;
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xLog: boolean;
  readonly yLog: boolean;
  readonly height: number;
  /** Said in the middle of the chart where there is nothing to draw. */
  readonly nothing?: string | undefined;
  /** A part of x was chosen; without ends, all of it. */
  readonly onZoom?: ((range: { readonly from: number; readonly to: number } | undefined) => void) | undefined;
}

/** Curves with values under the pointer, zoom by dragging or keys, and export. Its size is set before there are data. */
export function CurveChart(props: CurveChartProps): JSX.Element {
  const { title, lines, height, onZoom, xLog, yLog, xLabel, yLabel } = props;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const cursor = useSignal<number | null>(null);
  const data = useMemo(() => aligned(lines), [lines]); // not again for every move of the pointer
  const isDark = dark.value;
  // Axes find their room when there are values: before, they would move. A part without values keeps them.
  const drawn = useRef(false);
  drawn.current ||= data.x.length > 0;
  const shape = JSON.stringify([
    drawn.current,
    lines.map(({ key, colour, band, points }) => [key, colour, band, points]),
    [xLog, yLog, xLabel, yLabel, height, isDark],
  ]);
  const latest = useRef({ onZoom });
  latest.current = { onZoom };

  // A new chart where its shape changes, not with every value.
  useEffect(() => {
    const element = place.current;
    if (element === null || !drawn.current) return;
    const made = new uPlot(
      chartOptions(props, element.clientWidth, {
        onCursor: (index) => {
          cursor.value = index;
        },
        onSelect: (range) => latest.current.onZoom?.(range),
      }),
      valuesOf(lines, data),
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [shape]);

  useEffect(() => {
    chart.current?.setData(valuesOf(lines, data));
  }, [lines]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = data.x.length - 1;
    const at = cursor.value ?? 0;
    const jump = event.shiftKey ? 20 : 1;
    const keys = new Map([
      ["ArrowRight", at + jump],
      ["ArrowLeft", at - jump],
      ["Home", 0],
      ["End", last],
    ]);
    const to = keys.get(event.key);
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      const index = Math.min(last, Math.max(0, to));
      chart.current?.setCursor({ left: chart.current.valToPos(data.x[index] ?? 0, "x"), top: 20 });
      cursor.value = index;
    }
    const [low, high] = [data.x[0], data.x[last]];
    if (event.key === "+" && low !== undefined && high !== undefined) {
      const middle = data.x[at] ?? low;
      onZoom?.({ from: middle - (high - low) / 4, to: middle + (high - low) / 4 });
    }
    if (event.key === "0" || event.key === "Escape") onZoom?.(undefined);
  };

  return (
    <figure class="chart">
      <div
        class="plot"
        tabIndex={0}
        role="slider"
        aria-label={`${title}. Arrow keys read values, plus zooms, 0 shows all.`}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, data.x.length - 1)}
        aria-valuenow={cursor.value ?? 0}
        aria-valuetext={`${xLabel} ${plain(data.x[cursor.value ?? 0])}`}
        onKeyDown={onKeyDown}
      >
        <div ref={place} style={{ height: `${height}px` }} />
        {props.nothing !== undefined && <p class="nothing quiet">{props.nothing}</p>}
      </div>
      <Legend lines={lines} data={data} cursor={cursor.value} xLabel={xLabel} format={plain} />
      <ExportButtons {...props} />
    </figure>
  );
}

/** Columns of uPlot: x, then of each line its mean and, with a band, highest and lowest. */
function valuesOf(lines: readonly Line[], { x, at }: ReturnType<typeof aligned>): uPlot.AlignedData {
  const columns = lines.flatMap(({ curve, band }, i) => {
    const pick = (values: readonly number[]): (number | null)[] =>
      Array.from(at[i] ?? [], (index) => (index < 0 ? null : (values[index] ?? null)));
    return band ? [pick(curve.mean), pick(curve.max), pick(curve.min)] : [pick(curve.mean)];
  });
  return [x, ...columns];
}

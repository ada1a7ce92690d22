import type uPlot from "uplot";

import { short } from "../format/quantities.ts";
import { faint, resolvedColour, strokeOf } from "./colours.ts";
import type { Line } from "./line.ts";

interface Look {
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xLog: boolean;
  readonly yLog: boolean;
  readonly height: number;
}

interface Heard {
  onCursor(index: number | null): void;
  onSelect(range: { readonly from: number; readonly to: number } | undefined): void;
}

const LOGARITHMIC = 3;

/** What uPlot is told: the look of a chart in the theme of now, and whom to tell of the pointer. */
export function chartOptions(look: Look, width: number, { onCursor, onSelect }: Heard): uPlot.Options {
  const { lines, xLog, yLog, xLabel, yLabel, height } = look;
  const [ink, grid] = [resolvedColour("--soft"), resolvedColour("--grid")];
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const thin = lines.length > 8 ? 1 : 1.75;
  for (const { label, colour, band, points } of lines) {
    const { colour: name, dash } = strokeOf(colour);
    const stroke = resolvedColour(name);
    series.push({
      label,
      stroke,
      width: thin,
      dash: [...dash],
      spanGaps: true,
      points: { show: points === true, size: 6, fill: stroke },
    });
    if (!band) continue;
    bands.push({ series: [series.length, series.length + 1], fill: faint(stroke, 0.2) });
    const edge: uPlot.Series = {
      stroke: faint(stroke, 0.35),
      width: 0.75,
      spanGaps: true,
      points: { show: false },
    };
    series.push(edge, { ...edge });
  }
  const axis = {
    stroke: ink,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: grid, width: 1 },
    labelGap: 2,
  };
  const font = "12px system-ui, sans-serif";
  return {
    width,
    height,
    series,
    bands,
    legend: { show: false },
    scales: {
      x: { time: false, ...(xLog && { distr: LOGARITHMIC }) },
      y: yLog ? { distr: LOGARITHMIC } : {},
    },
    axes: [
      { ...axis, label: xLabel, labelFont: font, font, labelSize: 22, values: (_, ticks) => ticks.map(text) },
      {
        ...axis,
        label: yLabel,
        labelFont: font,
        font,
        labelSize: 22,
        size: 58,
        values: (_, ticks) => ticks.map(text),
      },
    ],
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: { show: lines.length <= 8 },
      bind: {
        dblclick: () => () => {
          onSelect(undefined);
          return null;
        },
      },
    },
    hooks: {
      setCursor: [(chart) => onCursor(chart.cursor.idx ?? null)],
      setSelect: [
        (chart) => {
          const { left, width: wide } = chart.select;
          if (wide < 4) return;
          onSelect({ from: chart.posToVal(left, "x"), to: chart.posToVal(left + wide, "x") });
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

const text = (tick: number | null): string => (tick === null ? "" : short(tick));

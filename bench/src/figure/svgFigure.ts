import { linearScale, logScale, type Scale, strokeOf } from "@steepest/lab/report";

/** Points of one colour in one panel. */
export interface FigureSeries {
  /** As in the legend. */
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly mark: "line" | "dots" | "bars";
}

export interface FigurePanel {
  readonly title: string;
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  readonly series: readonly FigureSeries[];
}

export interface FigureAxis {
  readonly title: string;
  readonly kind: "linear" | "log";
  /** Ends of the axis. Default: those of the points. */
  readonly low?: number;
  readonly high?: number;
  /** Where marks stand and what they say. Default: round numbers. */
  readonly ticks?: readonly { readonly at: number; readonly text: string }[];
}

const WIDTH = 400;
const HEIGHT = 290;
const INSET = { left: 62, right: 24, top: 34, bottom: 46 };
const LEGEND_LINE = 20;
const FONT = "system-ui,sans-serif";

/**
 * Panels of points as one SVG, `columns` of them side by side, with a common legend below: the same label has the same colour
 * everywhere, in the order of first appearance. Points that an axis cannot show (not finite; 0 or less on a logarithmic
 * one) are left out. White background, so that it can be read on a dark page too.
 */
export function svgFigure(panels: readonly FigurePanel[], columns = 2): string {
  const labels = [...new Set(panels.flatMap(({ series }) => series.map(({ label }) => label)))];
  const rows = Math.ceil(panels.length / columns);
  const width = columns * WIDTH;
  const perLine = Math.max(1, Math.floor((width - 20) / (legendWidth(labels) + 30)));
  const height = rows * HEIGHT + Math.ceil(labels.length / perLine) * LEGEND_LINE + 16;
  const drawn = panels.map(
    (panel, i) =>
      `<g transform="translate(${(i % columns) * WIDTH} ${Math.floor(i / columns) * HEIGHT})">${drawPanel(panel, labels)}</g>`,
  );
  const legend = labels.map((label, i) => {
    const x = 20 + (i % perLine) * (legendWidth(labels) + 30);
    const y = rows * HEIGHT + 14 + Math.floor(i / perLine) * LEGEND_LINE;
    const { light, dashes } = strokeOf(i);
    return (
      `<line x1="${x}" x2="${x + 22}" y1="${y - 4}" y2="${y - 4}" stroke="${light}" stroke-width="2.5" stroke-dasharray="${dashes}"/>` +
      `${dot(i, x + 11, y - 4)}<text x="${x + 28}" y="${y}">${escape(label)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}" font-size="12" fill="#222">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...drawn,
    ...legend,
    "</svg>\n",
  ].join("\n");
}

/** About what the longest label takes. */
const legendWidth = (labels: readonly string[]): number =>
  Math.max(60, ...labels.map((label) => label.length * 7.2));

function drawPanel(panel: FigurePanel, labels: readonly string[]): string {
  const shown = panel.series.map((one) => ({
    ...one,
    points: one.points.filter(({ x, y }) => fits(x, panel.x) && fits(y, panel.y)),
  }));
  const all = shown.flatMap(({ points }) => points);
  if (all.length === 0)
    return `<text x="${INSET.left}" y="22">${escape(panel.title)}: nothing to show</text>`;
  const x = scaleOf(
    panel.x,
    all.map((point) => point.x),
  );
  const y = scaleOf(
    panel.y,
    all.map((point) => point.y),
  );
  const [left, bottom] = [INSET.left, HEIGHT - INSET.bottom];
  const [right, top] = [WIDTH - INSET.right, INSET.top];
  const px = (value: number): number => left + Math.min(1, Math.max(0, x.at(value))) * (right - left);
  const py = (value: number): number => bottom - Math.min(1, Math.max(0, y.at(value))) * (bottom - top);
  const grid = ticksOf(panel.y, y).map(
    ({ at, text }) =>
      `<line x1="${left}" x2="${right}" y1="${round(py(at))}" y2="${round(py(at))}" stroke="#ddd"/>` +
      `<text x="${left - 6}" y="${round(py(at) + 4)}" text-anchor="end" fill="#555">${escape(text)}</text>`,
  );
  const below = ticksOf(panel.x, x).map(
    ({ at, text }) =>
      `<line x1="${round(px(at))}" x2="${round(px(at))}" y1="${bottom}" y2="${bottom + 4}" stroke="#888"/>` +
      `<text x="${round(px(at))}" y="${bottom + 16}" text-anchor="middle" fill="#555">${escape(text)}</text>`,
  );
  const marks = shown.map((one) => {
    const index = labels.indexOf(one.label);
    const { light, dashes } = strokeOf(index);
    const at = one.points.map((point) => [round(px(point.x)), round(py(point.y))] as const);
    if (one.mark === "line")
      return `<polyline points="${at.map((pair) => pair.join(",")).join(" ")}" fill="none" stroke="${light}" stroke-width="1.8" stroke-linejoin="round" stroke-dasharray="${dashes}"/>${at.length < 8 ? at.map(([cx, cy]) => dot(index, cx, cy)).join("") : ""}`;
    if (one.mark === "bars")
      return at
        .map(
          ([cx, cy]) =>
            `<line x1="${cx}" x2="${cx}" y1="${bottom}" y2="${cy}" stroke="${light}" stroke-width="9"/>`,
        )
        .join("");
    return at.map(([cx, cy]) => dot(index, cx, cy)).join("");
  });
  return [
    `<text x="${left}" y="20" font-weight="600" font-size="13">${escape(panel.title)}</text>`,
    ...grid,
    ...below,
    `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="#888"/>`,
    ...marks,
    `<text x="${(left + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="#555">${escape(panel.x.title)}</text>`,
    `<text transform="translate(14 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle" fill="#555">${escape(panel.y.title)}</text>`,
  ].join("");
}

/** A dot that can be told from others by its form too. */
function dot(index: number, x: number, y: number): string {
  const { light } = strokeOf(index);
  const style = `fill="${light}" stroke="#fff" stroke-width="0.8"`;
  const form = Math.floor(index / 8) % 3;
  if (form === 0) return `<circle cx="${x}" cy="${y}" r="4.5" ${style}/>`;
  if (form === 1) return `<rect x="${round(x - 4)}" y="${round(y - 4)}" width="8" height="8" ${style}/>`;
  return `<path d="M${x} ${round(y - 5.5)}l5.5 9.5h-11z" ${style}/>`;
}

function fits(value: number, { kind }: FigureAxis): boolean {
  return Number.isFinite(value) && (kind === "linear" || value > 0);
}

function scaleOf({ kind, low, high }: FigureAxis, values: readonly number[]): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (kind === "linear") return linearScale(low ?? Math.min(0, least), high ?? most);
  const decade = (value: number, way: (v: number) => number): number => 10 ** way(Math.log10(value));
  return logScale(low ?? decade(least, Math.floor), high ?? decade(most * 1.0001, Math.ceil));
}

function ticksOf(
  { ticks, kind }: FigureAxis,
  scale: Scale,
): readonly { readonly at: number; readonly text: string }[] {
  if (ticks !== undefined) return ticks;
  const most = 7;
  const every = Math.ceil(scale.ticks.length / most);
  return scale.ticks
    .filter((_, i) => i % every === 0)
    .map((at) => ({
      at,
      text: kind === "log" && (at < 1e-2 || at >= 1e5) ? at.toExponential(0) : String(at),
    }));
}

const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign,
  );

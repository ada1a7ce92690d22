import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeHtml } from "../report/html.ts";
import { strokeOf } from "../report/palette.ts";
import type { ClaimFigure, CurvePanel, IntervalPanel, Panel } from "./figureParts.ts";

const [WIDTH, HEIGHT, GAP] = [400, 290, 16];
const ACROSS = 2;
const TITLE = 26;
/** Width of a letter of the legend, about. */
const LETTER = 6.8;
const INK = "#22262b";

/**
 * A figure as SVG with colours of its own on white, as a page of Markdown shows it: two panels side by side,
 * a legend above. The same data give the same bytes.
 */
export function claimFigure({ label, panels }: ClaimFigure): string {
  const names = [
    ...new Set(panels.flatMap((panel) => ("series" in panel ? panel.series.map(({ name }) => name) : []))),
  ];
  const dashed = new Set(
    panels.flatMap((panel) =>
      "series" in panel ? panel.series.filter((one) => one.dashed).map(({ name }) => name) : [],
    ),
  );
  const columns = Math.min(ACROSS, panels.length);
  const width = columns * WIDTH + (columns + 1) * GAP;
  const legend = legendOf(names, dashed, width);
  const rows = Math.ceil(panels.length / columns);
  const height = legend.height + rows * (HEIGHT + TITLE) + GAP;
  const drawn = panels.map((panel, i) => {
    const x = GAP + (i % columns) * (WIDTH + GAP);
    const y = legend.height + Math.floor(i / columns) * (HEIGHT + TITLE);
    const title = `<text x="${x + 4}" y="${y + 16}" font-weight="600">${escapeHtml(panel.title)}</text>`;
    return `${title}<g transform="translate(${x},${y + TITLE})">${drawPanel(panel, names)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
      `aria-label="${escapeHtml(label)}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    legend.markup,
    ...drawn,
    "</svg>\n",
  ].join("\n");
}

function legendOf(
  names: readonly string[],
  dashed: ReadonlySet<string>,
  width: number,
): { markup: string; height: number } {
  if (names.length === 0) return { markup: "", height: GAP };
  let [x, y] = [GAP, 24];
  const entries = names.map((name, i) => {
    const room = 34 + name.length * LETTER + 14;
    if (x + room > width && x > GAP) [x, y] = [GAP, y + 20];
    const dashes = dashed.has(name) ? ' stroke-dasharray="5 3"' : "";
    const entry =
      `<line x1="${x}" x2="${x + 24}" y1="${y - 4}" y2="${y - 4}" stroke="${strokeOf(i).light}" stroke-width="2.5"${dashes}/>` +
      `<text x="${x + 30}" y="${y}">${escapeHtml(name)}</text>`;
    x += room;
    return entry;
  });
  return { markup: entries.join(""), height: y + 14 };
}

function drawPanel(panel: Panel, names: readonly string[]): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const common = {
    width: WIDTH,
    height: HEIGHT,
    marginBottom: 42,
    className: "figure", // Plot would count its figures
    document: document as unknown as Document, // linkedom's has all that Plot calls
    style: { background: "transparent", color: INK, fontSize: "11px", overflow: "visible" },
    color: { type: "identity" as const },
  };
  const svg = Plot.plot({ ...common, ...("series" in panel ? curves(panel, names) : intervals(panel)) });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML;
}

const axis = ({ label, log, domain }: CurvePanel["x"]) => ({
  label,
  ...(log === true && { type: "log" as const, tickFormat: shortNumber, ticks: 4 }),
  ...(domain !== undefined && { domain: [...domain], clamp: true }),
});

function curves({ x, y, series, rule }: CurvePanel, names: readonly string[]): Plot.PlotOptions {
  const drawable = (value: number, log: boolean | undefined): boolean =>
    Number.isFinite(value) && (log !== true || value > 0);
  return {
    marginLeft: 58,
    marginRight: 14,
    x: axis(x),
    y: { ...axis(y), grid: true },
    marks: [
      ...(rule === undefined ? [] : [Plot.ruleY([rule], { stroke: "#8a9099", strokeDasharray: "2 3" })]),
      ...series.flatMap(({ name, points, band = [], dashed, dots }) => {
        const stroke = strokeOf(names.indexOf(name)).light;
        const shown = points.filter(([a, b]) => drawable(a, x.log) && drawable(b, y.log));
        const area = band.filter(
          ([a, low, high]) => drawable(a, x.log) && drawable(low, y.log) && drawable(high, y.log),
        );
        return [
          Plot.areaY(area, { x: "0", y1: "1", y2: "2", fill: stroke, fillOpacity: 0.16 }),
          ...(dots === "only"
            ? []
            : [
                Plot.line(shown, {
                  x: "0",
                  y: "1",
                  stroke,
                  strokeWidth: 2,
                  ...(dashed === true && { strokeDasharray: "5 3" }),
                }),
              ]),
          ...(dots !== undefined && dots !== false
            ? [Plot.dot(shown, { x: "0", y: "1", fill: stroke, r: 3 })]
            : []),
        ];
      }),
    ],
  };
}

function intervals({ x, rows, rule }: IntervalPanel): Plot.PlotOptions {
  const stroke = strokeOf(0).light;
  const longest = Math.max(...rows.map(({ name }) => name.length));
  return {
    marginLeft: Math.min(190, 16 + longest * LETTER),
    marginRight: 20,
    x: { ...axis(x), grid: true },
    y: { label: null, domain: rows.map(({ name }) => name), type: "point", padding: 0.6 },
    marks: [
      ...(rule === undefined ? [] : [Plot.ruleX([rule], { stroke: "#8a9099", strokeDasharray: "2 3" })]),
      Plot.ruleY(
        rows.filter(({ low, high }) => low !== undefined && high !== undefined),
        { y: "name", x1: "low", x2: "high", stroke, strokeWidth: 2.5 },
      ),
      Plot.dot(rows, { y: "name", x: "value", fill: stroke, r: 4.5 }),
    ],
  };
}

/** 10,000 as 1e4, 0.001 as 1e-3. */
const shortNumber = (value: number): string =>
  value !== 0 && (Math.abs(value) >= 1e4 || Math.abs(value) < 1e-2)
    ? value.toExponential(0).replace("e+", "e")
    : String(Number(value.toPrecision(3)));

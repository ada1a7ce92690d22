import type { Landscape } from "@steepest/models";
import type { PathPoint } from "../../run/runResult.ts";
import { type Html, html, raw } from "../html.ts";
import { linearTicks } from "../scale.ts";
import { contourLines } from "./contourLines.ts";
import { type PathWindow, pathWindow } from "./pathWindow.ts";

/** The way of one optimizer. */
export interface WalkedPath {
  readonly label: string;
  /** Of the palette. */
  readonly colour: number;
  /** The start first. */
  readonly points: readonly PathPoint[];
}

const WIDTH = 720;
const HEIGHT = 520;
/** Places of the grid across and up; contours are straight between. */
const COLUMNS = 145;
const ROWS = 105;
const LEVELS = 16;
/** Dots of steps are left out where they would touch. */
const DOT_GAP = 5;
const EDGE = { left: 42, right: 12, top: 12, bottom: 28 };
const FULL_WIDTH = EDGE.left + WIDTH + EDGE.right;
const ROW = 22;

/**
 * The paths over the contours of the function they descend, as an SVG element: a ring where they begin, a dot for each step
 * (as far apart as they can be told), a disc where they end, crosses at the minima. Contours are even steps of the logarithm
 * of the height above the minimum. Colours are the classes `s0`, `s1`, … and the variables of the page.
 */
export async function pathPicture(landscape: Landscape, paths: readonly WalkedPath[]): Promise<Html> {
  const whole = paths.map(({ points }) =>
    points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)),
  );
  const window = pathWindow(whole, landscape.minima, WIDTH / HEIGHT);
  const place = ([x, y]: readonly number[]): [number, number] => [
    EDGE.left + (((x ?? 0) - window.left) / (window.right - window.left)) * WIDTH,
    EDGE.top + (1 - ((y ?? 0) - window.bottom) / (window.top - window.bottom)) * HEIGHT,
  ];
  const { surface } = landscape.config;
  const legendTop = EDGE.top + HEIGHT + EDGE.bottom + 18;
  const height = legendTop + ROW * paths.length;
  return html`<svg class="paths" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${FULL_WIDTH} ${height}" role="img" aria-label="Paths over the contours of ${surface}">
<clipPath id="plane"><rect x="${EDGE.left}" y="${EDGE.top}" width="${WIDTH}" height="${HEIGHT}"/></clipPath>
<g clip-path="url(#plane)">
${await contours(landscape, window, place)}
${landscape.minima.map((minimum) => cross(place(minimum)))}
${paths.map(({ colour }, i) => walked(colour, (whole[i] ?? []).map(place)))}
</g>
${axes(window, place)}
<text class="soft" x="${EDGE.left + 10}" y="${EDGE.top + 18}">${surface}</text>
${paths.map(({ label, colour }, i) => entry(label, colour, whole[i]?.at(-1), legendTop + ROW * i))}
</svg>`;
}

async function contours(
  landscape: Landscape,
  { left, right, bottom, top }: PathWindow,
  place: (point: readonly number[]) => [number, number],
): Promise<Html> {
  const at = (low: number, high: number, index: number, count: number): number =>
    low + ((high - low) * index) / (count - 1);
  const xs = Array.from({ length: COLUMNS }, (_, i) => at(left, right, i, COLUMNS));
  const ys = Array.from({ length: ROWS }, (_, i) => at(bottom, top, i, ROWS));
  const heights = (await landscape.heights(xs, ys)).map((height) =>
    Math.log(height - landscape.minimum + 1e-12),
  );
  const sorted = [...heights].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor(sorted.length / 50)] ?? 0, sorted.at(-1) ?? 1];
  const lines = Array.from({ length: LEVELS }, (_, i) =>
    contourLines({ columns: COLUMNS, rows: ROWS, heights }, at(low, high, i, LEVELS + 1))
      .map((line) =>
        trace(line.map(([c, r]) => place([at(left, right, c, COLUMNS), at(bottom, top, r, ROWS)]))),
      )
      .join(""),
  );
  return html`<g class="contours">${lines.map(
    (d, i) => html`<path d="${raw(d)}" opacity="${(0.9 - (0.55 * i) / LEVELS).toFixed(2)}"/>`,
  )}</g>`;
}

function walked(colour: number, points: readonly [number, number][]): Html {
  const [start] = points;
  const end = points.at(-1);
  if (start === undefined || end === undefined) return html``;
  const dots: [number, number][] = [];
  for (const point of points) {
    const [x, y] = dots.at(-1) ?? [Number.NEGATIVE_INFINITY, 0];
    if (Math.hypot(point[0] - x, point[1] - y) >= DOT_GAP) dots.push(point);
  }
  return html`<g class="s${colour}">
<path class="halo" d="${raw(trace(points))}"/><path class="line" d="${raw(trace(points))}"/>
<path class="steps" d="${raw(dots.map(([x, y]) => `M${round(x)} ${round(y)}h0`).join(""))}"/>
<circle class="start" cx="${round(start[0])}" cy="${round(start[1])}" r="6"/>
<circle class="end" cx="${round(end[0])}" cy="${round(end[1])}" r="5"/>
</g>`;
}

const cross = ([x, y]: readonly [number, number]): Html =>
  html`<path class="minimum" d="${raw(`M${round(x - 7)} ${round(y)}h14M${round(x)} ${round(y - 7)}v14`)}"/>`;

function axes(window: PathWindow, place: (point: readonly number[]) => [number, number]): Html {
  const across = linearTicks(window.left, window.right, 7);
  const up = linearTicks(window.bottom, window.top, 5);
  const base = EDGE.top + HEIGHT;
  return html`<rect class="frame" x="${EDGE.left}" y="${EDGE.top}" width="${WIDTH}" height="${HEIGHT}"/>
<g class="ticks">${across.map((tick) => html`<text x="${round(place([tick, 0])[0])}" y="${base + 18}" text-anchor="middle">${signed(tick)}</text>`)}${up.map(
    (tick) =>
      html`<text x="${EDGE.left - 8}" y="${round(place([0, tick])[1] + 4)}" text-anchor="end">${signed(tick)}</text>`,
  )}</g>`;
}

function entry(label: string, colour: number, end: PathPoint | undefined, y: number): Html {
  const ends =
    end === undefined
      ? "no step"
      : `ends at (${end.map((value) => signed(Number(value.toPrecision(4)))).join(", ")})`;
  return html`<g class="s${colour}"><path class="line" d="M${EDGE.left} ${y}h26"/><circle class="end" cx="${EDGE.left + 13}" cy="${y}" r="4"/>
<text x="${EDGE.left + 36}" y="${y + 5}">${label} <tspan class="soft">${ends}</tspan></text></g>`;
}

const signed = (value: number): string => String(value).replace("-", "−");
const round = (value: number): number => Number(value.toFixed(1));

const trace = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");

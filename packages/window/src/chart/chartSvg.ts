import { short } from "../format/quantities.ts";
import { resolvedColour, strokeOf } from "./colours.ts";
import type { Line } from "./line.ts";
import { extent, type Scale, scaleOf } from "./scale.ts";
import { ticks } from "./ticks.ts";

export interface DrawnChart {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xLog: boolean;
  readonly yLog: boolean;
}

const WIDTH = 900;
const HEIGHT = 520;
const LEFT = 70;
const RIGHT = 20;
const TOP = 44;
const BOTTOM = 52;

/** The chart as a drawing that needs nothing else, in the colours of now, with names at the right of the title. */
export function chartSvg({ title, lines, xLabel, yLabel, xLog, yLog }: DrawnChart): string {
  const height = HEIGHT + 18 * lines.length;
  const xs = extent(
    lines.flatMap(({ curve }) => curve.x),
    xLog,
  );
  const ys = extent(
    lines.flatMap(({ curve, band }) => (band ? [...curve.min, ...curve.max] : curve.mean)),
    yLog,
  );
  const x = scaleOf(xs, [LEFT, WIDTH - RIGHT], xLog);
  const y = scaleOf(ys, [HEIGHT - BOTTOM, TOP], yLog);
  const [page, ink, soft, grid] = ["--card", "--ink", "--soft", "--grid"].map(resolvedColour);
  const across = ticks(...xs, 7, xLog).map(
    (tick) => `<path d="M${p(x(tick))} ${TOP}V${HEIGHT - BOTTOM}" stroke="${grid}"/>
<text x="${p(x(tick))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="${soft}">${short(tick)}</text>`,
  );
  const up = ticks(...ys, 6, yLog).map(
    (tick) => `<path d="M${LEFT} ${p(y(tick))}H${WIDTH - RIGHT}" stroke="${grid}"/>
<text x="${LEFT - 8}" y="${p(y(tick) + 4)}" text-anchor="end" fill="${soft}">${short(tick)}</text>`,
  );
  const curves = lines.map(({ curve, colour, band }) => {
    const { colour: name, dash } = strokeOf(colour);
    const stroke = resolvedColour(name);
    const area = band
      ? `<path d="${path(curve.x, curve.max, x, y)}L${path([...curve.x].reverse(), [...curve.min].reverse(), x, y).slice(1)}Z" fill="${stroke}" opacity=".2"/>`
      : "";
    return `${area}<path d="${path(curve.x, curve.mean, x, y)}" fill="none" stroke="${stroke}" stroke-width="1.75" stroke-dasharray="${dash.join(" ")}"/>`;
  });
  const names = lines.map(({ label, colour }, i) => {
    const { colour: name, dash } = strokeOf(colour);
    const at = HEIGHT + 6 + 18 * i;
    return `<path d="M${LEFT} ${at}h24" stroke="${resolvedColour(name)}" stroke-width="3" stroke-dasharray="${dash.join(" ")}"/>
<text x="${LEFT + 34}" y="${at + 4}" fill="${ink}">${escaped(label)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">
<title>${escaped(title)}</title><rect width="${WIDTH}" height="${height}" fill="${page}"/>
<text x="${LEFT}" y="26" font-size="15" font-weight="600" fill="${ink}">${escaped(title)}</text>
${[...across, ...up, ...curves, ...names].join("\n")}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle" fill="${soft}">${escaped(xLabel)}</text>
<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle" fill="${soft}">${escaped(yLabel)}</text>
</svg>
`;
}

const p = (value: number): string => value.toFixed(1);

function path(xs: readonly number[], ys: readonly number[], x: Scale, y: Scale): string {
  const points = xs.flatMap((value, i) => {
    const at = [x(value), y(ys[i] ?? Number.NaN)] as const;
    return at.every(Number.isFinite) ? [`${p(at[0])} ${p(at[1])}`] : [];
  });
  return points.length === 0 ? "" : `M${points.join("L")}`;
}

/** Text of runs is text, in a drawing too. */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

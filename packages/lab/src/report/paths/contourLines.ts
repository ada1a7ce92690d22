/** Heights over a grid, row by row: `columns` values for each of `rows` values of y. */
export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly heights: readonly number[];
}

/** A place on the grid: column and row, fractions between. */
export type GridPoint = readonly [column: number, row: number];

/**
 * The lines on which the heights are `level`, by marching squares: on every edge of the grid that the level crosses lies
 * one point, linear between the ends, and within a cell points are joined two by two. Lines end at the border or close.
 */
export function contourLines({ columns, rows, heights }: Grid, level: number): GridPoint[][] {
  const at = (column: number, row: number): number => heights[row * columns + column] ?? Number.NaN;
  const points = new Map<number, GridPoint>();
  const neighbours = new Map<number, number[]>();
  /** The edge from a place to the right (0) or up (1), where the level crosses it. */
  const crossing = (column: number, row: number, up: 0 | 1): number | undefined => {
    const [from, to] = [at(column, row), at(column + 1 - up, row + up)];
    if (from >= level === to >= level || !Number.isFinite(from + to)) return undefined;
    const key = 2 * (row * columns + column) + up;
    const share = (level - from) / (to - from);
    points.set(key, [column + (1 - up) * share, row + up * share]);
    return key;
  };
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const around = [
        crossing(column, row, 0),
        crossing(column + 1, row, 1),
        crossing(column, row + 1, 0),
        crossing(column, row, 1),
      ].filter((key) => key !== undefined);
      // Four crossings are a saddle: two lines, whichever way they are joined.
      for (let i = 0; i + 1 < around.length; i += 2) join(neighbours, around[i] ?? 0, around[i + 1] ?? 0);
    }
  }
  return walk(neighbours).map((keys) => keys.flatMap((key) => [points.get(key) ?? []].filter(isPoint)));
}

const isPoint = (point: GridPoint | readonly []): point is GridPoint => point.length === 2;

function join(neighbours: Map<number, number[]>, a: number, b: number): void {
  neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
  neighbours.set(b, [...(neighbours.get(b) ?? []), a]);
}

/** Every line once: open ones from an end, then the closed ones from anywhere. */
function walk(neighbours: Map<number, number[]>): number[][] {
  const ends = [...neighbours].filter(([, list]) => list.length === 1).map(([key]) => key);
  const seen = new Set<number>();
  const lines: number[][] = [];
  for (const start of [...ends, ...neighbours.keys()]) {
    if (seen.has(start)) continue;
    const line: number[] = [];
    let key: number | undefined = start;
    while (key !== undefined && !seen.has(key)) {
      seen.add(key);
      line.push(key);
      key = neighbours.get(key)?.find((next) => !seen.has(next));
    }
    const last = line.at(-1);
    const closes = line.length > 2 && last !== undefined && neighbours.get(start)?.includes(last);
    lines.push(closes ? [...line, start] : line);
  }
  return lines;
}

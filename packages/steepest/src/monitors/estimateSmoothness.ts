/** Numbers of `smoothnessSample`. */
export interface SmoothnessPoint {
  /** a = ‖g‖_* ≥ 0. */
  readonly gradientNorm: number;
  /** Λ ≥ 0. */
  readonly ratio: number;
}

export interface SmoothnessEstimate {
  readonly l0: number;
  readonly l1: number;
}

/**
 * L0, L1 ≥ 0 with Λ ≈ L0 + L1·a over the points of a run.
 *
 * - `fit`       least squares; where one comes out negative it is 0 and the other is fitted alone
 * - `envelope`  the smallest Σ(L0 + L1·a) with L0 + L1·a ≥ Λ for every point: what the theory asks for
 *
 * Steps after them: ρ = L0/L1 and γ = 1/L0 for `ggnc`. Throws a RangeError without points or for numbers that are not
 * finite and ≥ 0. Cost: O(n log n). Same data as Riabinin et al. 2025, arXiv:2505.13416; the estimators are ours.
 */
export function estimateSmoothness(points: readonly SmoothnessPoint[]): {
  fit: SmoothnessEstimate;
  envelope: SmoothnessEstimate;
} {
  if (points.length === 0) throw new RangeError("estimateSmoothness needs at least one point");
  for (const { gradientNorm, ratio } of points) {
    if (!(gradientNorm >= 0 && ratio >= 0 && Number.isFinite(gradientNorm + ratio)))
      throw new RangeError(
        `estimateSmoothness: points must be finite and ≥ 0, got (${gradientNorm}, ${ratio})`,
      );
  }
  return { fit: leastSquares(points), envelope: envelope(points) };
}

function leastSquares(points: readonly SmoothnessPoint[]): SmoothnessEstimate {
  const n = points.length;
  const sum = (fn: (p: SmoothnessPoint) => number): number => points.reduce((total, p) => total + fn(p), 0);
  const [a, y] = [sum((p) => p.gradientNorm) / n, sum((p) => p.ratio) / n];
  const variance = sum((p) => (p.gradientNorm - a) ** 2);
  const slope = variance > 0 ? sum((p) => (p.gradientNorm - a) * (p.ratio - y)) / variance : 0;
  const intercept = y - slope * a;
  if (slope < 0) return { l0: y, l1: 0 };
  if (intercept >= 0) return { l0: intercept, l1: slope };
  return { l0: 0, l1: sum((p) => p.gradientNorm * p.ratio) / sum((p) => p.gradientNorm ** 2) };
}

/** The linear program's optimum is a vertex: an edge of the upper hull, or one of L0 and L1 is 0. */
function envelope(points: readonly SmoothnessPoint[]): SmoothnessEstimate {
  const mean = points.reduce((sum, p) => sum + p.gradientNorm, 0) / points.length;
  const flat = { l0: Math.max(...points.map((p) => p.ratio)), l1: 0 };
  const steep = { l0: 0, l1: Math.max(...points.map((p) => (p.ratio === 0 ? 0 : p.ratio / p.gradientNorm))) };
  const hull = upperHull(points);
  const edges = hull.slice(1).map((right, i): SmoothnessEstimate => {
    const left = hull[i] ?? right;
    const l1 = (right.ratio - left.ratio) / (right.gradientNorm - left.gradientNorm);
    return { l0: left.ratio - l1 * left.gradientNorm, l1 };
  });
  const cost = ({ l0, l1 }: SmoothnessEstimate): number => l0 + l1 * mean;
  return [flat, steep, ...edges]
    .filter(({ l0, l1 }) => l0 >= 0 && l1 >= 0 && Number.isFinite(l0 + l1))
    .reduce((best, candidate) => (cost(candidate) < cost(best) ? candidate : best));
}

/** The upper convex hull by rising gradient norm, one point for each. */
function upperHull(points: readonly SmoothnessPoint[]): SmoothnessPoint[] {
  const sorted = points.toSorted((p, q) => p.gradientNorm - q.gradientNorm || q.ratio - p.ratio);
  const hull: SmoothnessPoint[] = [];
  for (const point of sorted) {
    if (hull.at(-1)?.gradientNorm === point.gradientNorm) continue;
    while (hull.length >= 2 && !turnsRight(hull.at(-2), hull.at(-1), point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

function turnsRight(
  a: SmoothnessPoint | undefined,
  b: SmoothnessPoint | undefined,
  c: SmoothnessPoint,
): boolean {
  if (a === undefined || b === undefined) return true;
  const cross =
    (b.gradientNorm - a.gradientNorm) * (c.ratio - a.ratio) -
    (b.ratio - a.ratio) * (c.gradientNorm - a.gradientNorm);
  return cross < 0;
}

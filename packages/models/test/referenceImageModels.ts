/**
 * The image models of src written a second time, with loops over plain float64 numbers and straight from the
 * formulas. Nothing is shared with the implementation under test.
 */
export type Nested = number | Nested[];
type Vector = number[];
type Matrix = Vector[];
/** [channels][height][width] */
export type Image = Matrix[];
type Kernel = Image[];

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const at = <T>(xs: readonly T[], i: number): T => xs[i] as T;
const dot = (a: Vector, b: Vector): number => sum(a.map((x, i) => x * at(b, i)));
const linear = (weight: Matrix, x: Vector, bias?: Vector): Vector =>
  weight.map((row, i) => dot(row, x) + (bias === undefined ? 0 : at(bias, i)));

/** Φ by Simpson's rule: slow, and not a library's erf. Errors below 1e-9 for |x| < 6. */
function normalCdf(x: number): number {
  const n = 400;
  const h = x / n;
  let total = 0;
  for (let i = 0; i <= n; i++) {
    total += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2) / 2);
  }
  return 0.5 + ((h / 3) * total) / Math.sqrt(2 * Math.PI);
}
const gelu = (x: number): number => x * normalCdf(x);
const mapImage = (image: Image, f: (x: number, channel: number) => number): Image =>
  image.map((rows, c) => rows.map((row) => row.map((x) => f(x, c))));

/** Correlation, `pad` zeros around. */
function convolve(image: Image, kernel: Kernel, pad: number): Image {
  const [height, width] = [at(image, 0).length, at(at(image, 0), 0).length];
  return kernel.map((filter) => {
    const side = at(filter, 0).length;
    return Array.from({ length: height + 2 * pad - side + 1 }, (_, y) =>
      Array.from({ length: width + 2 * pad - side + 1 }, (_, x) => {
        let total = 0;
        for (const [c, taps] of filter.entries())
          for (let i = 0; i < side; i++)
            for (let j = 0; j < side; j++)
              total += (image[c]?.[y + i - pad]?.[x + j - pad] ?? 0) * at(at(taps, i), j);
        return total;
      }),
    );
  });
}

const pool = (image: Image): Image =>
  image.map((rows) =>
    Array.from({ length: Math.floor(rows.length / 2) }, (_, y) =>
      Array.from({ length: Math.floor(at(rows, 0).length / 2) }, (_, x) =>
        Math.max(...[0, 1].flatMap((i) => at(rows, 2 * y + i).slice(2 * x, 2 * x + 2))),
      ),
    ),
  );

export interface ReferenceMoments {
  readonly mean: Vector;
  readonly variance: Vector;
}

function momentsOf(images: readonly Image[]): ReferenceMoments {
  const channels = at(images, 0).map((_, c) => images.flatMap((image) => at(image, c).flat()));
  const mean = channels.map((xs) => sum(xs) / xs.length);
  return { mean, variance: channels.map((xs, c) => sum(xs.map((x) => (x - at(mean, c)) ** 2)) / xs.length) };
}

export type ReferenceCnn = {
  first: { weight: Kernel; bias: Vector };
  groups: { weight: Kernel; gain?: Vector; bias: Vector }[][];
  head: Matrix;
};

/** Logits and the moments of every batch norm; `given` moments replace those of the batch. `factor` is that of each GELU. */
export function referenceCnn(
  params: ReferenceCnn,
  batch: readonly Image[],
  {
    eps,
    scale,
    given,
    factor = 1,
  }: { eps: number; scale: number; given?: readonly ReferenceMoments[]; factor?: number },
): { logits: Matrix; moments: ReferenceMoments[] } {
  const moments: ReferenceMoments[] = [];
  let images = batch.map((image) =>
    mapImage(convolve(image, params.first.weight, 0), (x, c) => factor * gelu(x + at(params.first.bias, c))),
  );
  for (const layers of params.groups) {
    for (const [i, { weight, gain, bias }] of layers.entries()) {
      images = images.map((image) => convolve(image, weight, 1));
      if (i === 0) images = images.map(pool);
      moments.push(momentsOf(images));
      const { mean, variance } = given?.[moments.length - 1] ?? at(moments, moments.length - 1);
      images = images.map((image) =>
        mapImage(image, (x, c) => {
          const normed = (x - at(mean, c)) / Math.sqrt(at(variance, c) + eps);
          return factor * gelu(normed * (gain?.[c] ?? 1) + at(bias, c));
        }),
      );
    }
  }
  const logits = images.map((image) =>
    linear(
      params.head,
      image.map((rows) => Math.max(...rows.flat())),
    ).map((z) => z * scale),
  );
  return { logits, moments };
}

type ReferenceLinear = { weight: Matrix; bias?: Vector };
export type ReferenceVit = {
  patches: { weight: Kernel; bias?: Vector };
  classToken?: Vector;
  positions: Matrix;
  blocks: {
    attention: { gain?: Vector } & Record<"query" | "key" | "value" | "out", ReferenceLinear>;
    feedForward: { gain?: Vector } & Record<"up" | "down", ReferenceLinear>;
  }[];
  finalGain?: Vector;
  head: Matrix;
  headBias?: Vector;
};

function rms(x: Vector, gain: Vector | undefined): Vector {
  const size = Math.sqrt(sum(x.map((v) => v * v)) / x.length + 1e-6);
  return x.map((v, i) => (v / size) * (gain?.[i] ?? 1));
}

export function referenceVit(params: ReferenceVit, image: Image, heads: number, factor = 1): Vector {
  const patch = at(at(at(params.patches.weight, 0), 0), 0).length;
  const apply = ({ weight, bias }: ReferenceLinear, x: Vector): Vector => linear(weight, x, bias);
  const tokens: Matrix = params.classToken === undefined ? [] : [params.classToken];
  for (let y = 0; y < at(image, 0).length; y += patch) {
    for (let x = 0; x < at(at(image, 0), 0).length; x += patch) {
      const part = image.map((rows) => rows.slice(y, y + patch).map((row) => row.slice(x, x + patch)));
      tokens.push(
        params.patches.weight.map(
          (filter, i) => dot(filter.flat(2), part.flat(2)) + (params.patches.bias?.[i] ?? 0),
        ),
      );
    }
  }
  let x = tokens.map((token, t) => token.map((v, i) => v + at(at(params.positions, t), i)));
  for (const { attention, feedForward } of params.blocks) {
    const normed = x.map((row) => rms(row, attention.gain));
    const [q, k, v] = (["query", "key", "value"] as const).map((name) =>
      normed.map((row) => apply(attention[name], row)),
    ) as [Matrix, Matrix, Matrix];
    const size = at(q, 0).length / heads;
    const mixed = q.map((query) =>
      Array.from({ length: heads }, (_, h) => {
        const of = (row: Vector): Vector => row.slice(h * size, (h + 1) * size);
        const weights = k.map((key) => Math.exp(dot(of(query), of(key)) / Math.sqrt(size)));
        const total = sum(weights);
        return of(at(v, 0)).map((_, i) => sum(weights.map((w, t) => (w / total) * at(of(at(v, t)), i))));
      }).flat(),
    );
    x = x.map((row, t) => apply(attention.out, at(mixed, t)).map((y, i) => y + at(row, i)));
    x = x.map((row) => {
      const hidden = apply(feedForward.up, rms(row, feedForward.gain)).map((u) => factor * gelu(u));
      return apply(feedForward.down, hidden).map((y, i) => y + at(row, i));
    });
  }
  const ends = x.map((row) => rms(row, params.finalGain));
  const read =
    params.classToken === undefined
      ? at(ends, 0).map((_, i) => sum(ends.map((row) => at(row, i))) / ends.length)
      : at(ends, 0);
  return linear(params.head, read, params.headBias);
}

export type ReferenceMlp = { layers: Required<ReferenceLinear>[]; head: Matrix; headBias: Vector };

export function referenceMlp(
  params: ReferenceMlp,
  image: Image,
  activation: "relu" | "gelu" | "relu2",
  factor = 1,
): Vector {
  const f = { relu: (v: number) => Math.max(v, 0), gelu, relu2: (v: number) => Math.max(v, 0) ** 2 }[
    activation
  ];
  let x = image.flat(2);
  for (const { weight, bias } of params.layers) {
    x = linear(weight, x, bias).map((v) => factor * f(v));
  }
  return linear(params.head, x, params.headBias);
}

/** Mean of −Σ target log softmax, the target smoothed by s. */
export function referenceLoss(logits: Matrix, labels: readonly number[], s: number): number {
  const losses = logits.map((row, n) => {
    const log = Math.log(sum(row.map(Math.exp)));
    return sum(row.map((z, c) => (log - z) * (s / row.length + (c === labels[n] ? 1 - s : 0))));
  });
  return sum(losses) / losses.length;
}

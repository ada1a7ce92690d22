import { numpy as np, random } from "@jax-js/jax";
import { compile } from "@steepest/onnx";
import {
  lanczos,
  newtonSchulz,
  orthonormalColumns,
  powerIteration,
  randomizedSvd,
  svd,
} from "steepest/matrix";
import * as v from "valibot";

import { defineClaim, type Part, type Scale } from "../claim.ts";
import { sourceIn } from "../sources.ts";
import { medianOf, ratioOf, short, together, verdictOf, withInterval } from "../statistics.ts";

const routines = [
  "SVD",
  "Newton-Schulz ×5",
  "randomized SVD",
  "Lanczos ×10",
  "power iteration ×2, warm",
] as const;
type Routine = (typeof routines)[number];

const result = v.object({
  routine: v.picklist(routines),
  side: v.number(),
  /** The least of several turns, matrix by matrix. */
  ms: v.array(v.number()),
  /** 1 − ⟨X, step⟩/(what the exact step pairs to): σ₁ for a pair, the nuclear norm for a polar factor. */
  loss: v.array(v.number()),
});
type Result = v.InferOutput<typeof result>;

const sidesAt: Readonly<Record<Scale, readonly number[]>> = {
  small: [64, 128, 256],
  medium: [64, 128, 256, 512],
  paper: [64, 128, 256, 512, 1024],
};
const matricesAt: Readonly<Record<Scale, number>> = { small: 5, medium: 10, paper: 10 };
const TURNS = 5;
/** Singular values fall from 1 to this, geometrically. */
const SMALLEST = 1e-2;

type Step = (x: np.Array) => np.Array;
const outer = (u: np.Array, right: np.Array): np.Array =>
  np.matmul(u.reshape([u.size, 1]), right.reshape([1, right.size]));
const ofPair = (found: { sigma: np.Array; u: np.Array; v: np.Array }): np.Array => {
  found.sigma.dispose();
  return outer(found.u, found.v);
};

/** The step of each routine: u₁v₁ᵀ, or UVᵀ for Newton-Schulz and the whole SVD. */
const stepOf = (routine: Routine, warm: np.Array): Step =>
  ({
    SVD: (x: np.Array) => {
      const { u, s, vt } = svd(x);
      s.dispose();
      return np.matmul(u, vt);
    },
    "Newton-Schulz ×5": (x: np.Array) => newtonSchulz(x),
    "randomized SVD": (x: np.Array) => {
      const { u, s, vt } = randomizedSvd(random.key(1), x, { rank: 1 });
      s.dispose();
      return np.matmul(u, vt);
    },
    "Lanczos ×10": (x: np.Array) => ofPair(lanczos(x, { steps: 10 })),
    "power iteration ×2, warm": (x: np.Array) => ofPair(powerIteration(x, { steps: 2, start: warm.ref })),
  })[routine];

/** A square matrix of known singular vectors and values. */
interface Known {
  readonly x: np.Array;
  /** v₁, turned by a tenth: what the last step of a training run would leave. */
  readonly warm: np.Array;
  readonly nuclear: number;
}

function known(side: number, seed: number): Known {
  const normal = (salt: number, shape: number[]): np.Array =>
    random.normal(random.key(3 * seed + salt), shape);
  const basis = (salt: number): np.Array => orthonormalColumns(normal(salt, [side, side]));
  const values = Array.from({ length: side }, (_, i) => SMALLEST ** (i / (side - 1)));
  const v1 = basis(0);
  const x = np.matmul(basis(1).mul(np.array(values)), np.matrixTranspose(v1.ref));
  const noise = normal(2, [side]).mul(0.1 / Math.sqrt(side));
  return {
    x,
    warm: np.matrixTranspose(v1).slice(0).add(noise),
    nuclear: values.reduce((sum, value) => sum + value, 0),
  };
}

async function run(routine: Routine, side: number, count: number): Promise<Result> {
  const [ms, loss]: [number[], number[]] = [[], []];
  for (let seed = 1; seed <= count; seed++) {
    const { x, warm, nuclear } = known(side, seed);
    const step = compile((x: np.Array, warm: np.Array): np.Array => stepOf(routine, warm)(x), {
      threads: 1,
    });
    const pairing = np.sum(x.ref.mul(await step(x.ref, warm.ref))).item();
    loss.push(1 - pairing / (routine === "SVD" || routine.startsWith("Newton") ? nuclear : 1));
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < TURNS; turn++) {
      const began = performance.now();
      (await step(x.ref, warm.ref)).dispose();
      least = Math.min(least, performance.now() - began);
    }
    ms.push(least);
    step.dispose();
    x.dispose();
    warm.dispose();
  }
  return { routine, side, ms, loss };
}

const partId = (routine: Routine, side: number): string =>
  `${side}-${routine.replace(/[^A-Za-z0-9]+/g, "-")}`;

export const nuclearSvdRoutines = defineClaim<Result>({
  name: "nuclear-svd-routines",
  title: "Routines for singular vectors",
  source: sourceIn("nuclear", "section 4, matrix side of updates"),
  statement:
    "Steps of Muon and Neon need no whole singular value decomposition: Newton-Schulz, randomized SVD, Lanczos and power iteration find what they need in a fraction of its time.",
  setup: (
    scale: Scale,
  ) => `Square float32 matrices of ${sidesAt[scale].join(", ")} rows with random singular vectors and singular values falling geometrically from 1 to ${SMALLEST}, ${matricesAt[scale]} of each size, on ONNX Runtime (the SVD is LAPACK's eigensolver where OpenBLAS
is installed, jax-js's elsewhere). The least of ${TURNS} turns after the first. The randomized SVD has rank 1, ten further columns and one power iteration; power iteration starts a tenth beside v₁, as in a training run. The loss is
1 − ⟨X, step⟩ over what the exact step pairs to. The draft names the routines and has no numbers; the claim is read as: at the largest size every routine takes less than half the time of the SVD (95 % interval of the ratio).`,
  result,
  parts: (scale) =>
    sidesAt[scale].flatMap((side) =>
      routines.map(
        (routine): Part<Result> => ({
          id: partId(routine, side),
          cost: routine === "SVD" ? 10 : 4,
          make: () => run(routine, side, matricesAt[scale]),
        }),
      ),
    ),
  analyse(scale, done) {
    const sides = sidesAt[scale];
    const largest = Math.max(...sides);
    const of = (routine: Routine, side: number) => done.get(partId(routine, side)) ?? { ms: [], loss: [] };
    const ratio = (routine: Routine, side: number) => ratioOf(of(routine, side).ms, of("SVD", side).ms);
    const others = routines.filter((one) => one !== "SVD");
    return {
      verdict: together(others.map((one) => verdictOf(ratio(one, largest), "below", 0.5, matricesAt[scale]))),
      headline: `At ${largest} × ${largest}, in shares of the SVD's time: ${others.map((one) => `${one} ${withInterval(ratio(one, largest))}`).join(", ")}.`,
      tables: [
        {
          caption: "Milliseconds, and the loss of the pairing; medians over the matrices.",
          head: ["routine", ...sides.map((side) => `${side} × ${side}`)],
          rows: routines.map((routine) => [
            routine,
            ...sides.map((side) => {
              const { ms, loss } = of(routine, side);
              return `${short(medianOf(ms))}; ${short(medianOf(loss))}`;
            }),
          ]),
        },
      ],
      figure: {
        label: "Time of five routines over the side of the matrix, and the loss of the pairing",
        panels: [
          {
            title: "time",
            x: { label: "side", log: true },
            y: { label: "ms", log: true },
            series: routines.map((routine) => ({
              name: routine,
              dots: true,
              points: sides.map((side) => [side, medianOf(of(routine, side).ms)] as const),
            })),
          },
          {
            title: "loss of the pairing",
            x: { label: "side", log: true },
            y: { label: "1 − ⟨X, step⟩ / exact" },
            series: routines.map((routine) => ({
              name: routine,
              dots: true,
              points: sides.map((side) => [side, medianOf(of(routine, side).loss)] as const),
            })),
          },
        ],
      },
      remarks: [
        "Times are of one thread on a machine that may have had other work: the least of the turns of each. `steepest bench matrix` has more shapes, routines and condition numbers.",
        "A negative loss of Newton-Schulz is one of singular values above 1.",
      ],
    };
  },
});

import { pairedTest } from "../../compare/pairedTest.ts";
import { defineClaim, type Scale } from "../claim.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { intervalOf, meanOf, together, verdictOf, withInterval } from "../statistics.ts";
import { plannedRun } from "../trained.ts";
import { type Watched, watched, watchedPart } from "../watched.ts";

const manifolds = ["oblique", "sphere", "stiefel"] as const;
type Manifold = (typeof manifolds)[number];
const roles = ["attention", "mlp"] as const;
const seeds = [101, 102, 103, 104, 105] as const;
const WORDS: Readonly<Record<Manifold, string>> = {
  oblique: "oblique (unit columns)",
  sphere: "sphere",
  stiefel: "Stiefel",
};

export const manoGeodesic = defineClaim<Watched>({
  name: "mano-geodesic",
  title: "Geodesic distances between AdamW's updates",
  source: sourceIn("mano", "table of average geodesic distances, Qwen3-0.6B under AdamW"),
  statement:
    "Successive updates of AdamW are closest to each other on the oblique manifold, farther on the sphere and farthest on the Stiefel manifold, in attention (36.5, 41.1, 58.5) and MLP layers (21.1, 37.8, 53.5).",
  setup: (
    scale: Scale,
  ) => `${smallGptText(scale)}, linear decay, \`adamw\` at its best settings there (rate 0.027, decay 0.1; see mano-convergence), ${seeds.length} seeds. At every tenth step the update and the one before it are each brought to the manifold and the length of the geodesic
between them is taken: unit columns (the root of the sum of squared angles of all columns), unit Frobenius norm, and the polar factor. Means over layers and looks. The claim is read as: in both kinds of layers oblique is
below sphere and sphere below Stiefel (paired by seed).`,
  result: watched,
  parts: (scale) =>
    seeds.map((seed) => {
      const base = smallGpt(scale);
      const plan = plannedRun(
        base,
        { watch: "geodesic", watchEvery: 10 },
        { optimizer: "adamw", optimizerOptions: { learningRate: 0.027, weightDecay: 0.1 }, seed },
      );
      return watchedPart(`seed-${seed}`, plan, ({ diagnostic, scope, name, values }) =>
        diagnostic === "geodesic" && scope === "role" && roles.some((role) => role === name)
          ? Object.fromEntries(manifolds.map((one) => [`${name}.${one}`, values[one]]))
          : {},
      );
    }),
  analyse(_, done) {
    const runs = [...done.values()];
    const of = (role: string, manifold: Manifold): number[] =>
      runs.map(({ seen }) => meanOf((seen[`${role}.${manifold}`] ?? []).map(([, value]) => value)));
    const below = (role: string, a: Manifold, b: Manifold) => pairedTest(of(role, a), of(role, b));
    const orders = roles.flatMap((role) => [
      { role, a: "oblique" as const, b: "sphere" as const },
      { role, a: "sphere" as const, b: "stiefel" as const },
    ]);
    return {
      verdict: together(
        orders.map(({ role, a, b }) => verdictOf(below(role, a, b), "below", 0, runs.length)),
      ),
      headline: `${roles
        .map(
          (role) =>
            `${role}: oblique ${withInterval(intervalOf(of(role, "oblique")))}, sphere ${withInterval(intervalOf(of(role, "sphere")))}, Stiefel ${withInterval(intervalOf(of(role, "stiefel")))}`,
        )
        .join("; ")}.`,
      tables: [
        {
          caption: "Mean distance in radians, with 95 % intervals over seeds.",
          head: ["layers", ...manifolds.map((one) => WORDS[one])],
          rows: roles.map((role) => [
            role,
            ...manifolds.map((one) => withInterval(intervalOf(of(role, one)))),
          ]),
        },
      ],
      figure: {
        label: "Geodesic distance between successive updates over steps on three manifolds",
        panels: roles.map((role) => ({
          title: `${role}, seed ${seeds[0]}`,
          x: { label: "step" },
          y: { label: "distance" },
          series: manifolds.map((one) => ({
            name: WORDS[one],
            dots: true,
            points: runs[0]?.seen[`${role}.${one}`] ?? [],
          })),
        })),
      },
      remarks: [
        "The source does not say which distance it takes on each manifold, nor its unit. On the product of n spheres of unit columns the geodesic is the root of a sum of n squared angles; on one sphere it is one angle and cannot exceed π. " +
          "With these definitions, the usual ones, distances on different manifolds are not of one scale and the order says more of the manifolds than of AdamW.",
      ],
    };
  },
});

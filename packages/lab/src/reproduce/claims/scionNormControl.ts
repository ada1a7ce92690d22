import { defineClaim, type Scale } from "../claim.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { medianOf, short } from "../statistics.ts";
import { plannedRun } from "../trained.ts";
import { type Watched, watched, watchedPart } from "../watched.ts";

const methods = ["scion", "unconstrained_scion"] as const;
type Method = (typeof methods)[number];
const words: Readonly<Record<Method, string>> = {
  scion: "Scion (SCG)",
  unconstrained_scion: "Unconstrained Scion (uSCG)",
};
/** With exact polar factors, and as the library has them by default. */
const oracles = { exact: { polar: "svd" }, "five Newton-Schulz steps": {} } as const;
type Oracle = keyof typeof oracles;
const oracleNames = ["exact", "five Newton-Schulz steps"] as const;
const rates = [0.03, 0.1] as const;
const seeds = [101, 102, 103] as const;
/** A polar factor in float32 and a norm from ten Lanczos steps. */
const ROUNDING = 1e-3;

const partId = (method: Method, oracle: Oracle, rate: number, seed: number): string =>
  `${method}-${oracle === "exact" ? "exact" : "newton-schulz"}-${rate}-${seed}`;

export const scionNormControl = defineClaim<Watched>({
  name: "scion-norm-control",
  title: "Scion holds the norm of the weights",
  source: sourceIn("scion", "illustration of norm control, GPT training"),
  statement:
    "SCG guarantees ‖x‖ ≤ ρ and uSCG ‖x‖ ≤ ‖x₀‖ + ρ Σγ, layer by layer in the layer's norm; where weights reach the first bound, the constraint acts.",
  setup: (
    scale: Scale,
  ) => `${smallGptText(scale)}, constant rate, ${seeds.length} seeds, learning rates ${rates.join(" and ")}. At every tenth of the run the norm of each layer is set against its bound: the radius for \`scion\`, the norm at the start and the sum of
the rates times the radius for \`unconstrained_scion\`. Once with exact polar factors, once with five Newton-Schulz steps, whose steps have a norm of up to 1.13. The claim is read as: with exact factors no layer ever exceeds its
bound (by more than a thousandth, for rounding).`,
  result: watched,
  parts: (scale) =>
    methods.flatMap((method) =>
      oracleNames.flatMap((oracle) =>
        rates.flatMap((rate) =>
          seeds.map((seed) => {
            const base = smallGpt(scale);
            const plan = plannedRun(
              base,
              { schedule: "constant", watch: "norms", watchEvery: Math.round(base.steps / 10) },
              { optimizer: method, optimizerOptions: { learningRate: rate, ...oracles[oracle] }, seed },
            );
            return watchedPart(partId(method, oracle, rate, seed), plan, (line) =>
              line.diagnostic !== "norms"
                ? {}
                : line.scope === "all"
                  ? { used: line.values.used }
                  : line.scope === "role"
                    ? { [line.name]: line.values.used }
                    : {},
            );
          }),
        ),
      ),
    ),
  analyse(scale, done) {
    const runs = (method: Method, oracle: Oracle, rate: number): Watched[] =>
      seeds.flatMap((seed) => done.get(partId(method, oracle, rate, seed)) ?? []);
    const most = (all: readonly Watched[]): number =>
      Math.max(...all.flatMap(({ seen }) => (seen.used ?? []).map(([, value]) => value)));
    const exact = methods.map((method) => ({
      method,
      most: most(rates.flatMap((rate) => runs(method, "exact", rate))),
    }));
    const rough = methods.map((method) =>
      most(rates.flatMap((rate) => runs(method, "five Newton-Schulz steps", rate))),
    );
    const looks = rates.flatMap((rate) =>
      methods.flatMap((method) => runs(method, "exact", rate).flatMap(({ seen }) => seen.used ?? [])),
    ).length;
    const roles = [
      ...new Set(
        [...done.values()].flatMap(({ seen }) => Object.keys(seen).filter((name) => name !== "used")),
      ),
    ];
    return {
      verdict: exact.every((one) => one.most <= 1 + ROUNDING) ? "holds" : "does not hold",
      headline:
        `With exact polar factors the largest share of its bound that a layer used is ${exact.map((one) => `${short(one.most)} (${words[one.method]})`).join(" and ")}, over ${looks} looks; ` +
        `with five Newton-Schulz steps ${rough.map(short).join(" and ")}.`,
      tables: [
        {
          caption: "Largest share of the bound used at the end, by role; median over seeds.",
          head: ["method", "oracle", "rate", ...roles],
          rows: methods.flatMap((method) =>
            oracleNames.flatMap((oracle) =>
              rates.map((rate) => [
                method,
                oracle,
                String(rate),
                ...roles.map((role) => {
                  const ends = runs(method, oracle, rate).flatMap(
                    ({ seen }) => seen[role]?.at(-1)?.[1] ?? [],
                  );
                  return ends.length === 0 ? "–" : short(medianOf(ends));
                }),
              ]),
            ),
          ),
        },
      ],
      figure: {
        label: "Share of the bound used over steps for Scion and Unconstrained Scion",
        panels: methods.map((method) => ({
          title: `${words[method]}, seed ${seeds[0]}`,
          x: { label: "step" },
          y: { label: "largest ‖W‖ / bound" },
          rule: 1,
          series: oracleNames.flatMap((oracle) =>
            rates.map((rate) => ({
              name: `${oracle}, γ = ${rate}`,
              dashed: oracle !== "exact",
              points: done.get(partId(method, oracle, rate, seeds[0]))?.seen.used ?? [],
            })),
          ),
        })),
      },
      remarks: [
        "Scion begins on the boundary of its balls, so that the share starts at 1 there. That the bound holds is a theorem; the runs check the code, and show what an inexact oracle makes of it.",
        `At scale ${scale} the sum of the rates is small, so that the bound of the unconstrained form is still near.`,
      ],
    };
  },
});

import { numpy as np } from "@jax-js/jax";
import { disposeTree, explainAssignment, type Role, unconstrainedScion } from "steepest";
import { normNames, normRow } from "steepest/norms";
import { instances } from "./instances.ts";

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const rule = (count: number): string => line(Array.from({ length: count }, () => "---"));
const code = (text: string): string => `\`${text}\``;

/** docs/methods-and-norms.md, from the code: `npm run docs`. */
export function methodsPage(): string {
  return `# Which method is which norm

A stochastic conditional gradient method without a constraint (uSCG, Pethick et al. 2025, arXiv:2502.07529) averages gradients and
steps to the point of a norm's ball that the average points away from:

    d ← (1−α) d + α G,      X ← X + γ lmo(d),      lmo(d) = argmin { ⟨d, A⟩ : ‖A‖ ≤ 1 }

The norm is the method. \`uscg\` takes it by name (\`createOptimizer("uscg", { norm: "operator" })\`), and many methods with names of
their own are it in one norm; options here have momentum μ = 1 − α. Every row of the first table is tested: both sides make the same
steps (\`packages/lab/test/uscgInstances.test.ts\`). This page is written by \`npm run docs\` from the code.

## Methods

A matrix is UΣVᵀ with σ₁ ≥ σ₂ ≥ …; state is an average of as many numbers, none with α = 1. In the oracles of F-Muon and F-Neon α
is the option of their norms, the share of its first part.

${methodTable()}

Steepest descent multiplies the step by the dual norm, X ← X + γ ‖G‖_* lmo(G): \`sd\` with the same norms. SCG keeps X in the ball,
X ← (1−γ) X + γ lmo(d): \`scg\`, \`scion\`. LARS is normalised SGD with a radius for each layer, the norm of its weights.

## Norms

\`uscg\`, \`scg\`, \`sd\`, \`cg\`, \`ggnc\`, \`s3cg\`, \`lion_k\`, \`almond\`, \`gluon\` and the Scions take each of them as \`norm\`; the last column
says where one is without being asked for. [Norms](norms.md) has sharp operators, starts and costs.

${usedTable()}
`;
}

function methodTable(): string {
  const rows = instances.map(({ method, optimizer, options, norm, uscg }) => {
    const { value, lmo } = normRow(norm);
    const alpha = uscg.momentum === 0 ? "1" : "(0, 1]";
    return line([
      method,
      alpha,
      `${code(norm)}, ${value}`,
      lmo.replaceAll("G", "d"),
      code(call(optimizer, options)),
      code(call("uscg", { norm, ...uscg })),
    ]);
  });
  return [
    line(["method", "α", "norm of the ball", "oracle lmo(d)", "here", "the same as"]),
    rule(6),
    ...rows,
  ].join("\n");
}

function call(name: string, options: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `${name}${said.length === 0 ? "" : ` { ${said.join(", ")} }`}`;
}

function usedTable(): string {
  const roles = scionRoles();
  const rows = normNames().map((name) => {
    const { value, dual, lmo } = normRow(name);
    const own = instances.filter(({ norm }) => norm === name).map(({ optimizer }) => code(optimizer));
    const used = [
      ...new Set([...own.filter((one) => one !== code("unconstrained_scion")), ...(roles.get(name) ?? [])]),
    ];
    return line([code(name), value, dual, lmo, used.join(", ")]);
  });
  return [line(["name", "‖A‖", "‖G‖_*", "lmo(G)", "used by"]), rule(5), ...rows].join("\n");
}

/** What the Scions give to a parameter of each role. */
function scionRoles(): Map<string, string[]> {
  const shapes: Readonly<Partial<Record<Role, number[]>>> = {
    hidden: [4, 4],
    conv: [4, 4, 2, 2],
    embedding: [8, 4],
    head: [8, 4],
    bias: [4],
  };
  const params = Object.fromEntries(Object.entries(shapes).map(([role, shape]) => [role, np.zeros(shape)]));
  const roles = Object.fromEntries(Object.keys(shapes).map((role) => [role, role])) as Record<string, Role>;
  const found = new Map<string, string[]>();
  for (const { role, method } of explainAssignment(unconstrainedScion({ roles }), params, { print: false })) {
    found.set(method, [...(found.get(method) ?? []), `the Scions: ${role}`]);
  }
  disposeTree(params);
  return found;
}

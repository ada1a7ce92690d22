/**
 * What a refresh of Shampoo's roots and SOAP's bases costs on the ONNX engine, for one side of length n, by each way to do
 * it: eigendecomposition (by LAPACK where it is installed, else jax-js), one QR power iteration, coupled Newton (products
 * alone). Writes docs/results/refresh.md; a minute or two.
 *
 *   npx tsx bench/refresh.ts
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { numpy } from "@jax-js/jax";
import "steepest/node";

const { numpy: np, random } = await import("@jax-js/jax");
const { compile } = await import("@steepest/onnx");
const { coupledNewton, inverseRoot, orthonormalColumns, refreshEigenvectors, symmetricEigen } = await import(
  "steepest/matrix"
);

type Matrix = numpy.Array;
/** Each gets a covariance and a basis near its eigenvectors. */
type Way = (covariance: Matrix, basis: Matrix) => Matrix;

const sides = [64, 128, 256, 512, 1024];
/** Beyond it jax-js's eigensolver takes 11 s and more. */
const longestInJaxJs = 256;
/** Ratio of the largest eigenvalue to the smallest. */
const conditions = [1e2, 1e4, 1e6];
const turns = 3;

const vectors: Way = (covariance, basis) => {
  basis.dispose();
  const found = symmetricEigen(covariance);
  found.values.dispose();
  return found.vectors;
};
const power: Way = (covariance, basis) => {
  const found = refreshEigenvectors(covariance, basis);
  found.order.dispose();
  return found.basis;
};
const eigenRoot: Way = (covariance, basis) => {
  basis.dispose();
  return inverseRoot(covariance, 4);
};
const newtonRoot =
  (steps: number): Way =>
  (covariance, basis) => {
    basis.dispose();
    return coupledNewton(covariance, 4, { eps: 0, steps });
  };

const lines = sides.map((n) => [`${n}`]);
const ways: readonly (readonly [Way, "onnx" | "jax-js"])[] = [
  [vectors, "onnx"],
  [vectors, "jax-js"],
  [power, "onnx"],
  [eigenRoot, "onnx"],
  [newtonRoot(40), "onnx"],
  [newtonRoot(20), "onnx"],
];
for (const [i, n] of sides.entries()) {
  const { covariance, basis } = sample(n, 1e4);
  for (const [way, where] of ways) {
    if (where === "jax-js" && n > longestInJaxJs) lines[i]?.push("–");
    else lines[i]?.push(String(Number((await shortest(way, where, covariance, basis)).toPrecision(3))));
  }
  covariance.dispose();
  basis.dispose();
  console.log(lines[i]?.join("  "));
}

const errors: string[] = [];
for (const condition of conditions) {
  const { covariance, basis } = sample(128, condition);
  const row = [condition.toExponential(0).replace("e+", "e")];
  for (const way of [eigenRoot, newtonRoot(40), newtonRoot(20)]) {
    const root = way(covariance.ref, basis.ref);
    const square = np.matmul(root.ref, root);
    const identity = np.matmul(np.matmul(square.ref, covariance.ref), square);
    row.push(
      np
        .max(np.abs(identity.sub(np.eye(128))))
        .item()
        .toExponential(1),
    );
  }
  covariance.dispose();
  basis.dispose();
  errors.push(`| ${row.join(" | ")} |`);
}

/** Eigenvalues falling geometrically from 1 to 1/condition, and a basis a little off the eigenvectors. */
function sample(n: number, condition: number): { covariance: Matrix; basis: Matrix } {
  const q = orthonormalColumns(random.normal(random.key(1), [n, n]));
  const values = np.exp(np.linspace(0, -Math.log(condition), n));
  const covariance = np.matmul(q.ref.mul(values), np.matrixTranspose(q.ref));
  const near = q.add(random.normal(random.key(2), [n, n]).mul(0.01 / Math.sqrt(n)));
  return { covariance, basis: orthonormalColumns(near) };
}

/** Milliseconds of the shortest of several turns; the machine may be busy. */
async function shortest(
  way: Way,
  where: "onnx" | "jax-js",
  covariance: Matrix,
  basis: Matrix,
): Promise<number> {
  const native = compile(way, { threads: 1 });
  const run = async (): Promise<void> => {
    const result =
      where === "onnx" ? await native(covariance.ref, basis.ref) : way(covariance.ref, basis.ref);
    await result.data();
  };
  if (where === "onnx") await run(); // compiles
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns; turn++) {
    const began = performance.now();
    await run();
    best = Math.min(best, performance.now() - began);
    if (best > 2000) break;
  }
  native.dispose();
  return best;
}

const page = `# Refreshing a preconditioner on the ONNX engine

Milliseconds for one side of length n, one thread, condition number 1e4, the shortest of ${turns} turns on a busy machine. "Eigenvectors" run
outside the graph: on LAPACK (OpenBLAS) where it is installed, else on jax-js. The power iteration is one product and
a Cholesky QR in float64. Coupled Newton is matrix products alone and stays in the graph. Made by \`npx tsx bench/refresh.ts\`.

| n | eigenvectors, LAPACK | eigenvectors, jax-js | QR power iteration | a^(−1/4) by eigenvectors, LAPACK | coupled Newton × 40 | × 20 |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}

Error of the roots, the largest entry of X²AX² − I at n = 128, without ridge:

| condition number | by eigenvectors | coupled Newton × 40 | × 20 |
| ---: | ---: | ---: | ---: |
${errors.join("\n")}

What follows from it:

- With LAPACK the eigendecomposition is the cheapest way at every size, and for SOAP's bases as cheap as the power iteration. The
  defaults are \`roots: "eigen"\` for Shampoo and \`refresh: "power"\` for SOAP, the latter because it is the published rule, and
  the cheaper one by far where there is no LAPACK.
- Without LAPACK (a browser, or Node on a machine without OpenBLAS) Shampoo wants \`roots: "coupledNewton"\`: ten times faster
  than jax-js's eigensolver at 64 to 256, and all in the graph. Eigen-Adam, AdaDiag, Conda and Alice have no variant by products
  alone; refresh them seldom there.
- 20 iterations of coupled Newton are enough up to condition numbers of 1e6; the default of 40 is for statistics of fewer gradients
  than rows, where only the ridge keeps them invertible.
- A refresh every 10 steps adds a tenth of these times to a step, for every side of every weight.
`;
const target = fileURLToPath(new URL("../docs/results/refresh.md", import.meta.url));
writeFileSync(target, page);
console.log(page);

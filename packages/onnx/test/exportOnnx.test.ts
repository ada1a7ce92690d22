import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { lax, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { ModelProtoSchema } from "onnx-buf";
import { afterAll, describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { PYTHON, skipWithoutPython } from "#test-support/pythonModule.ts";
import packageJson from "../package.json" with { type: "json" };
import { spec } from "../src/arrays/argumentTree.ts";
import { ExportError } from "../src/arrays/errors.ts";
import { WRITER } from "../src/export/exportMetadata.ts";
import { exportOnnx } from "../src/export/exportOnnx.ts";
import { Session } from "../src/runtime/session.ts";
import { type GptParams, gptInit, gptLoss } from "./models/gpt.ts";
import { values } from "./support/sameAsJax.ts";

const folder = mkdtempSync(join(tmpdir(), "steepest-onnx-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (script: string, ...values: string[]) =>
  spawnSync(PYTHON, ["-c", script, ...values], { encoding: "utf8" });
const checker = "exported graphs against onnx.checker";

const CHECK = `
import sys, onnx
model = onnx.load(sys.argv[1])
onnx.checker.check_model(sys.argv[1], full_check=True)
print(",".join(i.name for i in model.graph.input) + ";" + ",".join(o.name for o in model.graph.output))
print({p.key: p.value for p in model.metadata_props})
`;

const shape = { vocab: 11, context: 8, width: 16, depth: 2, heads: 2, style: "gpt2" } as const;

function sgd(params: GptParams, { tokens, targets, learningRate }: Record<string, np.Array>) {
  const loss = (p: GptParams, x: np.Array, y: np.Array): np.Array => gptLoss(shape, p, x, y);
  const [value, gradients] = valueAndGrad(loss)(tree.ref(params), tokens as np.Array, targets as np.Array);
  const update = (p: np.Array, g: np.Array): np.Array => p.sub(g.mul((learningRate as np.Array).ref));
  return [tree.map(update, params, gradients), value];
}

describe("exportOnnx", () => {
  test("a training step passes onnx.checker", () => {
    skipWithoutPython("onnx", checker);
    const params = gptInit(shape);
    const file = join(folder, "step.onnx");
    const batch = { tokens: spec([2, 8], "int32"), targets: spec([2, 8], "int32"), learningRate: 0.1 };
    const written = exportOnnx(sgd, [params, batch], file, {
      argumentNames: ["params", "batch"],
      resultNames: ["params", "loss"],
      metadata: { optimizer: "sgd", phase: "0" },
    });
    tree.dispose(params);
    const { stdout, stderr } = run(CHECK, file);
    expect(stderr).toBe("");
    const [names = "", metadata = ""] = stdout.split("\n");
    expect(names.split(";")[0]).toContain("params.blocks.0.query");
    expect(names.split(";")[0]).toContain("batch.learningRate");
    expect(names.split(";")[1]).toContain("params.blocks.1.down.next");
    expect(names.split(";")[1]?.split(",").at(-1)).toBe("loss");
    expect(metadata).toContain("'optimizer': 'sgd'");
    expect(names.split(";")[0]?.split(",")).toEqual(written.inputs);
  });

  test("the file computes what the function does; weights are inside", () => {
    const w = values([4, 3]);
    const file = join(folder, "linear.onnx");
    exportOnnx((x: np.Array) => np.matmul(x, w.ref), [spec([2, 4])], file, {
      argumentNames: ["x"],
      resultNames: ["y"],
    });
    const x = values([2, 4], 1);
    const out = new Float32Array(6);
    const session = new Session(
      readFileSync(file),
      [{ name: "x", dtype: "float32", shape: [2, 4] }],
      [{ name: "y", dtype: "float32", shape: [2, 3] }],
    );
    const bound = session.bind([x.ref.dataSync() as Float32Array], [out]);
    bound.runSync();
    bound.dispose();
    session.dispose();
    const expected = np.matmul(x, w).dataSync();
    for (const [i, value] of expected.entries()) expect(out[i]).toBeCloseTo(value, 5);
  });

  test("weights have the names of the tree they come from, in every layout", () => {
    const params = { table: values([7, 5]), blocks: [{ up: values([5, 5], 1) }], ones: np.ones([5]) };
    const file = join(folder, "named.onnx");
    const fn = (x: np.Array): np.Array => {
      const { table, blocks, ones } = tree.ref(params);
      const [{ up }] = blocks as [{ up: np.Array }];
      return np.matmul(np.matmul(np.matmul(x, table), up.ref), up.transpose()).add(ones);
    };
    exportOnnx(fn, [spec([2, 7])], file, { weights: params });
    const { graph } = fromBinary(ModelProtoSchema, readFileSync(file));
    const names = graph?.initializer.map(({ name }) => name).filter((name) => !name.startsWith("constant_"));
    expect(names?.toSorted()).toEqual(["blocks.0.up", "table"]); // ones are a number
    tree.dispose(params);
  });

  test("external data is found and valid", () => {
    skipWithoutPython("onnx", checker);
    const w = values([40, 30]);
    const file = join(folder, "external.onnx");
    const { files } = exportOnnx((x: np.Array) => np.matmul(x, w.ref).add(1), [spec([2, 40])], file, {
      externalData: true,
    });
    w.dispose();
    expect(files).toEqual([file, `${file}.data`]);
    expect(readFileSync(`${file}.data`).length).toBe(40 * 30 * 4);
    expect(run(CHECK, file).stderr).toBe("");
  });

  test("a function with a matrix routine is refused by name", () => {
    expect(() =>
      exportOnnx((a: np.Array) => lax.linalg.cholesky(a), [spec([3, 3])], join(folder, "no.onnx")),
    ).toThrow(ExportError);
  });

  /** A result that is an argument, and an argument that is not used. */
  const through = () =>
    exportOnnx(
      (a: np.Array, b: np.Array, c: np.Array) => {
        b.dispose();
        return [a.ref, a.add(c)];
      },
      [spec([2]), spec([3]), 1],
      join(folder, "through.onnx"),
    );

  test("a result that is an argument, and an argument that is not used", () => {
    const { inputs, outputs } = through();
    expect(inputs.toSorted()).toEqual(["0", "1", "2"]);
    expect(outputs).toEqual(["0.next", "1.next"]);
  });

  test("that one passes onnx.checker", () => {
    skipWithoutPython("onnx", checker);
    for (const file of through().files) expect(run(CHECK, file).stderr).toBe("");
  });

  test("the versions it writes are those it depends on", () => {
    expect(WRITER).toEqual({
      "@steepest/onnx": packageJson.version,
      "@jax-js/jax": packageJson.peerDependencies["@jax-js/jax"],
    });
  });

  test("leaks nothing", async () => {
    const w = values([4, 3]);
    const leaked = await leakedBuffers(() =>
      exportOnnx((x: np.Array) => np.matmul(x, w.ref), [spec([2, 4])], join(folder, "leak.onnx")),
    );
    w.dispose();
    expect(leaked).toBe(0);
  });
});

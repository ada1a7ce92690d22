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
import { compile } from "../src/compile.ts";
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
    const work = async (): Promise<void> => {
      const w = values([4, 3]);
      await exportOnnx((x: np.Array) => np.matmul(x, w.ref), [spec([2, 4])], join(folder, "leak.onnx"));
      w.dispose();
    };
    expect(await leakedBuffers(work)).toBe(0);
  });

  describe("a size that is left open", () => {
    /** Runs a file for inputs of any size. */
    function runFile(file: string, inputs: Record<string, np.Array>, output: string, shape: number[]) {
      const specs = Object.entries(inputs).map(([name, x]) => ({
        name,
        dtype: x.dtype as "float32",
        shape: x.shape,
      }));
      const out = { name: output, dtype: "float32" as const, shape };
      const session = new Session(readFileSync(file), specs, [out]);
      const result = new Float32Array(shape.reduce((a, b) => a * b, 1));
      const arrays = Object.values(inputs).map((x) => x.dataSync() as Float32Array);
      const binding = session.bind(arrays, [result]);
      binding.runSync();
      binding.dispose();
      session.dispose();
      return Array.from(result);
    }
    const close = (found: readonly number[], wanted: np.Array): void => {
      for (const [i, value] of (wanted.dataSync() as Float32Array).entries())
        expect(found[i]).toBeCloseTo(value, 5);
    };

    test("takes any batch, and says so by name", () => {
      const file = join(folder, "open.onnx");
      const w = values([4, 3], 1);
      const fn = (x: np.Array): np.Array => np.tanh(np.matmul(x, w.ref)).reshape([-1]);
      const written = exportOnnx(fn, [spec(["batch", 4])], file, {
        argumentNames: ["x"],
        resultNames: ["y"],
      });
      expect(written.inputs).toEqual(["x"]);
      const { graph } = fromBinary(ModelProtoSchema, readFileSync(file));
      const dims = (info: typeof graph extends infer G ? NonNullable<G> : never, of: "input" | "output") =>
        info[of][0]?.type?.value.case === "tensorType"
          ? info[of][0].type.value.value.shape?.dim.map(({ value }) => value.value)
          : undefined;
      if (graph === undefined) throw new Error("no graph");
      expect(dims(graph, "input")).toEqual(["batch", 4n]);
      expect(dims(graph, "output")).toEqual(["3*batch"]);
      for (const n of [1, 2, 7])
        close(runFile(file, { x: values([n, 4]) }, "y", [3 * n]), fn(values([n, 4])));
      w.dispose();
    });

    test("two of them, with slices, repeats, a mean and a convolution", () => {
      const file = join(folder, "open2.onnx");
      const kernel = values([2, 3, 2], 4);
      const fn = (x: np.Array): np.Array => {
        const [batch = 0, , time = 0] = x.shape;
        const y = lax.conv(x, kernel.ref, [1], "SAME"); // [batch, 2, time]
        const shifted = y.ref.slice([], [], [0, time - 1]);
        const level = np.broadcastTo(np.mean(y), [batch, 2, 1]);
        return np
          .concatenate([shifted, level], 2)
          .transpose([1, 0, 2])
          .reshape([2, batch * time]);
      };
      exportOnnx(fn, [spec(["batch", 3, "time"])], file, { argumentNames: ["x"], resultNames: ["y"] });
      for (const [b, t] of [
        [1, 4],
        [3, 6],
        [5, 2],
      ] as const)
        close(runFile(file, { x: values([b, 3, t]) }, "y", [2, b * t]), fn(values([b, 3, t])));
      kernel.dispose();
    });

    test("a GPT's loss for any batch", () => {
      const file = join(folder, "open-gpt.onnx");
      const params = gptInit(shape);
      const fn = (tokens: np.Array): np.Array => gptLoss(shape, tree.ref(params), tokens.ref, tokens);
      exportOnnx(fn, [spec(["batch", 8], "int32")], file, {
        argumentNames: ["tokens"],
        resultNames: ["loss"],
      });
      for (const n of [1, 3]) {
        const tokens = np
          .arange(n * 8)
          .reshape([n, 8])
          .astype(np.int32)
          .mul(7);
        const ids = np.remainder(tokens, 11);
        close(runFile(file, { tokens: ids.ref }, "loss", []), fn(ids));
      }
      tree.dispose(params);
    });

    test("what depends on it otherwise is refused", () => {
      const tables = (x: np.Array): np.Array => x.mul(np.sin(np.arange(x.shape[0] ?? 0).astype(np.float32)));
      expect(() => exportOnnx(tables, [spec(["batch"])], join(folder, "no.onnx"))).toThrow(ExportError);
      const unrolled = (x: np.Array): np.Array => np.concatenate(np.split(x.ref, x.shape[0] ?? 1).reverse());
      expect(() => exportOnnx(unrolled, [spec(["batch", 2])], join(folder, "no.onnx"))).toThrow(
        /size left open/,
      );
    });

    test("nothing but an export takes it, and -1 is no size", () => {
      expect(() => spec([-1, 4])).toThrow(/-1 is no size.*"batch"/);
      expect(() => spec([2.5])).toThrow(/2\.5 is no size/);
      const compiled = compile((x: unknown) => x);
      expect(() => compiled.explain(spec(["batch"]))).toThrow(/only exportOnnx/);
    });
  });

  test("inputs come in the order of the arguments, those that nothing reads too", () => {
    const fn = (a: np.Array, b: { y: np.Array; x: np.Array }, c: np.Array): np.Array => {
      a.dispose();
      return c.add(b.x).mul(2).add(b.y);
    };
    const batch = { y: spec([2]), x: spec([2]) };
    const { inputs } = exportOnnx(fn, [spec([3]), batch, spec([2])], join(folder, "order.onnx"));
    expect(inputs).toEqual(["0", "1.y", "1.x", "2"]);
  });
});

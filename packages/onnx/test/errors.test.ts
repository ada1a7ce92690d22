import { grad, type Array as JaxArray, numpy as np, tree } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { skipUnless } from "#test-support/skipUnless.ts";
import { ArgumentError, DeviceError, NotTraceableError, OnnxRuntimeError } from "../src/arrays/errors.ts";
import { compile } from "../src/compile.ts";
import { type Device, probeDevice } from "../src/runtime/devices.ts";
import { values } from "./support/sameAsJax.ts";

describe("compile says what is wrong and where", () => {
  test("a shape that depends on data", async () => {
    const compiled = compile((x: np.Array) => (x.ref.item() > 0 ? x.add(1) : x));
    const x = np.array(3);
    await expect(compiled(x)).rejects.toThrow(NotTraceableError);
    await expect(compiled(x)).rejects.toThrow(/value of an array[\s\S]*np\.where/);
    compiled.dispose();
    x.dispose();
  });

  test("a consumed array, by its place among the arguments", async () => {
    const compiled = compile((p: { w: np.Array }, x: np.Array) => p.w.add(x));
    const w = values([3]);
    w.dispose();
    const x = values([3]);
    await expect(compiled({ w }, x)).rejects.toThrow(
      /argument 0\.w \(Array:float32\[3\]\) was already consumed/,
    );
    compiled.dispose();
    x.dispose();
  });

  test("an argument that is no array", async () => {
    const compiled = compile((x: np.Array) => x);
    await expect(compiled("seven" as unknown as np.Array)).rejects.toThrow(/argument 0 is string/);
    compiled.dispose();
  });

  test("a call inside grad", async () => {
    const compiled = compile((x: np.Array) => x.mul(2));
    let inner: Promise<np.Array> | undefined;
    const x = np.array(1);
    grad((y: np.Array) => {
      inner = compiled(y.ref);
      inner.catch(() => undefined);
      return y.mul(1);
    })(x).dispose();
    await expect(inner).rejects.toThrow(/argument 0 is being traced: .* compile the outermost/);
    compiled.dispose();
  });

  test("a donated array that someone else holds", async () => {
    const compiled = compile((x: np.Array) => x.add(1), { donate: [0] });
    const x = values([3]);
    await expect(compiled(x.ref)).rejects.toThrow(/argument 0 .* is donated but referenced 1 more/);
    x.dispose();
    const y = await compiled(x);
    expect(y.shape).toEqual([3]);
    y.dispose();
    compiled.dispose();
  });

  test("an index out of bounds carries the runtime's words", async () => {
    const compiled = compile((x: np.Array, i: np.Array) => x.slice(i));
    const run = compiled(values([3, 2]), np.array([0, 7], { dtype: np.int32 }));
    await expect(run).rejects.toThrow(OnnxRuntimeError);
    await expect(run).rejects.toThrow(/idx=7 must be within/);
    compiled.dispose();
  });

  test("a silly number of threads", async () => {
    const compiled = compile((x: np.Array) => x.add(1), { threads: 0 });
    const x = values([2]);
    await expect(compiled(x)).rejects.toThrow(/threads must be a whole number of at least 1, got 0/);
    compiled.dispose();
    x.dispose();
  });
});

describe("devices", () => {
  const run = async (device: Device): Promise<void> => {
    const compiled = compile((x: np.Array) => np.exp(x).add(1), { device });
    const x = np.ones([4]);
    try {
      (await compiled(x.ref)).dispose();
    } finally {
      x.dispose();
      compiled.dispose();
    }
  };

  test("an unknown one", async () => {
    await expect(run("tpu" as Device)).rejects.toThrow(/unknown device "tpu": use cpu, webgpu, cuda/);
  });

  for (const device of ["webgpu", "cuda"] as const) {
    const probed = probeDevice(device);
    if (!probed.available)
      test(`${device} is not here: the error says so and what to do`, async () => {
        await expect(run(device)).rejects.toThrow(DeviceError);
        await expect(run(device)).rejects.toThrow(new RegExp(`device "${device}"[\\s\\S]*remedy`));
      });
    test(`${device} computes what the CPU does`, async () => {
      skipUnless(probed.available, `the device ${device}`, `a machine whose ONNX Runtime has ${device}`);
      const compiled = compile(
        grad((x: np.Array) => np.sum(np.matmul(x.ref, x))),
        { device },
      );
      const x = values([8, 8]);
      const expected = grad((a: np.Array) => np.sum(np.matmul(a.ref, a)))(x.ref) as JaxArray;
      const actual = (await compiled(x)) as JaxArray;
      expect(np.allclose(actual, expected, { rtol: 1e-4, atol: 1e-4 })).toBe(true);
      compiled.dispose();
    });
  }

  test("the CPU is always there", () => expect(probeDevice("cpu")).toEqual({ available: true }));
});

test("a run leaves the event loop free", async () => {
  const compiled = compile((x: np.Array) => np.matmul(np.matmul(x.ref, x.ref), x));
  const n = 400;
  (await compiled(np.ones([n, n]))).dispose(); // compile first
  let ticks = 0;
  const tick = (): void => {
    ticks++;
    handle = setImmediate(tick);
  };
  let handle = setImmediate(tick);
  (await compiled(np.ones([n, n]))).dispose();
  clearImmediate(handle);
  expect(ticks).toBeGreaterThan(0);
  compiled.dispose();
});

test("calls may overlap", async () => {
  const compiled = compile((x: np.Array) => x.mul(2).add(1));
  const results = await Promise.all([1, 2, 3, 4].map((v) => compiled(np.full([5], v))));
  expect(results.map((r) => r.js())).toEqual([3, 5, 7, 9].map((v) => [v, v, v, v, v]));
  compiled.dispose();
});

test("a failed call leaks nothing but what its caller holds", async () => {
  const leaked = await leakedBuffers(async () => {
    const compiled = compile((x: np.Array) => x.add(1), { threads: -1 });
    const x = values([3]);
    await expect(compiled(x)).rejects.toThrow(ArgumentError);
    tree.dispose(x);
    compiled.dispose();
  });
  expect(leaked).toBe(0);
});

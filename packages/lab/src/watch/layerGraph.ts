import type { numpy as np } from "@jax-js/jax";
import { compile } from "@steepest/onnx";
import type { Arrays } from "steepest";

import { toArrays } from "../engine/arrays.ts";
import type { HostTensors } from "../engine/hostTensor.ts";

/** A compiled function of some sets of tensors that gives vectors of numbers by name. */
export interface LayerGraph<Name extends string> {
  run(tensors: Readonly<Record<Name, HostTensors>>): Promise<Readonly<Record<string, readonly number[]>>>;
  dispose(): void;
}

/** Compiles `fn`, which owns its arrays. Nothing is made before it runs. */
export function layerGraph<Name extends string>(
  fn: (trees: Readonly<Record<Name, Arrays>>) => Record<string, np.Array>,
  threads: number,
): LayerGraph<Name> {
  const compiled = compile((trees: Record<string, Arrays>) => fn(trees as Record<Name, Arrays>), { threads });
  return {
    async run(tensors) {
      const trees = Object.entries<HostTensors>(tensors).map(([name, found]) => [name, toArrays(found)]);
      const results = await compiled(Object.fromEntries(trees));
      const numbers: [string, readonly number[]][] = [];
      for (const [name, array] of Object.entries(results))
        numbers.push([name, Array.from(await array.data())]);
      return Object.fromEntries(numbers);
    },
    dispose: () => compiled.dispose(),
  };
}

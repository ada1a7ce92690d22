import { random } from "@jax-js/jax";
import { disposeTree, listParameters, type Role, type Tree } from "steepest";

import { type BenchConfigName, benchConfigs, benchModel, configLabel } from "../engines/benchConfig.ts";

/** One parameter of a target. */
export interface TargetLeaf {
  readonly path: string;
  readonly shape: readonly number[];
  readonly role: Role;
}

/** What is updated: one hidden weight, or all parameters of a GPT. */
export interface OptimizerTarget {
  readonly name: string;
  readonly label: string;
  readonly leaves: readonly TargetLeaf[];
  /** The GPT it is, where it is one. */
  readonly config?: BenchConfigName;
}

const models: Readonly<Record<string, BenchConfigName>> = {
  "gpt-tiny": "tiny",
  gpt: "medium",
  "gpt-large": "large",
};

/** Names of the GPTs; any MxN names a matrix. */
export const targetNames: readonly string[] = Object.keys(models);

/** Those measured when none is named. */
export const defaultTargets: readonly string[] = ["1024x1024", "512x2048", "gpt", "2560x6848"];

/** The target of a name; undefined if it is none. */
export function optimizerTarget(name: string): OptimizerTarget | undefined {
  const config = models[name];
  if (config !== undefined) {
    const model = benchModel(benchConfigs[config]);
    const params: Tree = model.init(random.key(0));
    const leaves = listParameters(params, model.roles()).map(({ path, shape, role }) => ({
      path,
      shape,
      role,
    }));
    disposeTree(params);
    return { name, label: `GPT ${configLabel(benchConfigs[config])}`, leaves, config };
  }
  const sides = name.split("x").map(Number);
  const [rows, columns] = sides;
  if (sides.length !== 2 || !sides.every((side) => Number.isSafeInteger(side) && side >= 2)) return undefined;
  const leaf = { path: "weight", shape: [rows ?? 1, columns ?? 1], role: "hidden" } as const;
  return { name, label: `${rows} × ${columns}`, leaves: [leaf] };
}

export const sizeOfLeaf = ({ shape }: TargetLeaf): number =>
  shape.reduce((product, side) => product * side, 1);
export const floatsOf = ({ leaves }: OptimizerTarget): number =>
  leaves.reduce((sum, leaf) => sum + sizeOfLeaf(leaf), 0);

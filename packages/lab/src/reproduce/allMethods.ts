import { createOptimizer, describeOptimizer, type OptimizerName, optimizerNames } from "steepest";

import { measurementOf } from "../plan/rates/measurement.ts";
import type { Tuned } from "./protocol.ts";

/** How far apart the rates are that are tried. */
export const FACTOR = 3;

/** Whether a method takes weight decay at all rates that are tried: some do only in one of their forms, or up to ηλ = 1. */
function decays(name: OptimizerName, largest: number): boolean {
  if (!("weightDecay" in describeOptimizer(name).options)) return false;
  try {
    createOptimizer(name, { learningRate: largest, weightDecay: 0.1 });
    return true;
  } catch {
    return false;
  }
}

/** Six trials each: three rates around the one that served it best on the default job, with two values of what else it has. */
function methodOf(name: OptimizerName): Tuned {
  const { options } = describeOptimizer(name);
  const middle = measurementOf(name)?.learningRate ?? 0.01;
  const rate = (points: number) => ({
    name: "learningRate",
    low: middle / FACTOR,
    high: middle * FACTOR,
    scale: "log" as const,
    points,
  });
  if ("auxiliaryLearningRate" in options)
    return {
      label: name,
      optimizer: name,
      axes: [rate(3), { name: "auxiliaryLearningRate", values: [0.01, 0.03] }],
    };
  if (decays(name, middle * FACTOR ** 3))
    return { label: name, optimizer: name, axes: [rate(3), { name: "weightDecay", values: [0, 0.1] }] };
  return { label: name, optimizer: name, axes: [rate(6)] };
}

/** Every method of the catalogue, with as many trials as any other. */
export const allMethods = (): readonly Tuned[] => optimizerNames().map(methodOf);

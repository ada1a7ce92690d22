import { makeJaxpr, numpy as np } from "@jax-js/jax";
import type { AnyModel } from "@steepest/models";
import { disposeTree, type Optimizer, refTree, type Tree } from "steepest";
import { gradientEstimate } from "steepest/monitors";

import type { UnratedPlan } from "../runPlan.ts";
import { UsageError } from "../usageError.ts";
import { type DiagnosticName, diagnosticNames } from "./diagnostics.ts";
import { everyDiagnostic, parseWatch } from "./parseWatch.ts";
import { snrParts } from "./snrParts.ts";
import { type WatchedLayer, watchedLayers } from "./watchedLayers.ts";

type Job = {
  readonly plan: Pick<UnratedPlan, "model" | "optimizerOptions" | "batch" | "accumulate">;
  readonly model: Pick<AnyModel, "kind" | "parameters">;
  readonly optimizer: Optimizer;
};

/**
 * The diagnostics that a text asks for, of `all` those that method and model can give. Throws `UsageError` for a name that is
 * none, and with method and diagnostic for one that cannot be given.
 */
export function watchedNames(text: string, job: Job): readonly DiagnosticName[] {
  const asked = parseWatch(text);
  const lacks = lackOf(job);
  if (asked === everyDiagnostic) return diagnosticNames.filter((name) => lacks(name) === undefined);
  for (const name of asked) {
    const lack = lacks(name);
    if (lack !== undefined)
      throw new UsageError(`--watch ${name}: ${lack}; leave ${name} out, or take --watch all`);
  }
  return asked;
}

/** Why a diagnostic cannot be given, in words; undefined where it can. */
function lackOf({ plan, model, optimizer }: Job): (name: DiagnosticName) => string | undefined {
  const placeholders: Record<string, np.Array> = {};
  for (const { path, shape } of model.parameters) placeholders[path] = np.zeros([...shape]);
  const layers = watchedLayers(optimizer, plan.optimizerOptions, optimizer.assign(placeholders));
  const estimates = hasEstimate(optimizer, placeholders);
  const who = optimizer.name;
  const noNorm = `${who} measures its steps in no norm`;
  const noMatrix = `${plan.model} has no matrix`;
  const of: Readonly<Record<DiagnosticName, () => string | undefined>> = {
    grad: () => undefined,
    dual: () => (!hasNorm(layers) ? noNorm : estimates ? undefined : `${who} keeps no average of gradients`),
    norms: () => undefined,
    gap: () =>
      !hasNorm(layers)
        ? noNorm
        : layers.some(({ promise }) => promise?.kind === "ball")
          ? undefined
          : `${who} keeps weights in no ball (weight decay would make one of a method of a norm)`,
    smoothness: () => undefined,
    spectra: () => (hasMatrix(layers) ? undefined : noMatrix),
    snr: () =>
      model.kind === "problem"
        ? `${plan.model} is a problem without examples, so its gradients have no noise`
        : snrParts(plan) === undefined
          ? `a batch of ${plan.batch} has no equal parts to compare: take an even one`
          : undefined,
    geodesic: () => (hasMatrix(layers) ? undefined : noMatrix),
    angle: () => undefined,
    features: () =>
      model.kind === "problem" ? `${plan.model} is a problem without hidden layers` : undefined,
  };
  return (name) => of[name]();
}

const hasNorm = (layers: readonly WatchedLayer[]): boolean =>
  layers.some(({ geometry }) => geometry !== undefined);
const hasMatrix = (layers: readonly WatchedLayer[]): boolean => layers.some(({ shape }) => shape.length >= 2);

/** Whether a method says what average of gradients it steps by. Consumes the placeholders, which are never computed. */
function hasEstimate(optimizer: Optimizer, placeholders: Tree): boolean {
  const estimate = (params: Tree): Tree =>
    gradientEstimate(optimizer, optimizer.init(refTree(params)), params);
  try {
    for (const constant of makeJaxpr(estimate)(placeholders as never).jaxpr.consts) constant.dispose();
    return true;
  } catch {
    return false;
  } finally {
    disposeTree(placeholders);
  }
}

import { fitWeights } from "./fitWeights.ts";
import { expectTied, splitTensor } from "./splitTensor.ts";
import type { SyncTensorSource } from "./tensorSource.ts";
import type { NamedModel } from "./weightNames.ts";

/**
 * The numbers of one parameter after the other, by path, read when they are asked for: `importWeights` for a caller
 * that cannot wait and does not want the whole model in memory. Each is asked for once. What stays in between is the
 * rest of a tensor that holds several parameters, as GPT-2's fused query, key and value.
 *
 * Throws `WeightsError` as `importWeights` does, before any numbers are read; the function throws it where a tied head
 * is not the embedding.
 */
export function weightReader(model: NamedModel, source: SyncTensorSource): (path: string) => Float32Array {
  const { rules, tiedHead } = fitWeights(model, source.tensors);
  const ruleOf = new Map(rules.flatMap((rule) => rule.paths.map((path) => [path, rule] as const)));
  const rest = new Map<string, Float32Array>();
  return (path) => {
    const rule = ruleOf.get(path);
    if (rule === undefined) throw new Error(`internal: no weight for "${path}"`);
    let part = rest.get(path);
    if (part === undefined) {
      const tensor = source.readSync(rule.source);
      if (tiedHead !== undefined && path === tiedHead.path) {
        expectTied([rule.source, tensor], [tiedHead.source, source.readSync(tiedHead.source)]);
      }
      for (const [name, values] of splitTensor(rule, tensor)) rest.set(name, values);
      part = rest.get(path);
    }
    rest.delete(path);
    return part ?? new Float32Array();
  };
}

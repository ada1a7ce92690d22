import { firstNonFinite, type HostTensors } from "./hostTensor.ts";

/**
 * Why loss or gradient is not finite, in words: a parameter that the update before broke, else a gradient. `parameters`
 * are those before the step; `gradients`, of each part of the batch, are asked for only where the parameters are finite.
 * Of several ranks, the first gradient that is not finite is known already.
 */
export async function faultOf(
  loss: number,
  parameters: HostTensors,
  gradients: readonly (() => Promise<HostTensors>)[] | { readonly first: string | undefined },
): Promise<string> {
  const parameter = firstNonFinite(parameters);
  if (parameter !== undefined) {
    return `the loss is ${loss}, because the update before made parameter "${parameter}" not finite`;
  }
  const gradient = "first" in gradients ? gradients.first : await firstOf(gradients);
  return gradient === undefined
    ? `the loss is ${loss}, and the norm of the gradient overflows`
    : `the loss is ${loss}, and the first gradient that is not finite is that of "${gradient}"`;
}

async function firstOf(gradients: readonly (() => Promise<HostTensors>)[]): Promise<string | undefined> {
  for (const part of gradients) {
    const gradient = firstNonFinite(await part());
    if (gradient !== undefined) return gradient;
  }
  return undefined;
}

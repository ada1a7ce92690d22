import type { numpy as np } from "@jax-js/jax";
import type { Parameter, Tree } from "steepest";
import { crossEntropy } from "../layers/crossEntropy.ts";
import type { CachedLogits, KeyValueCache, LanguageModel } from "../model/model.ts";
import { parameterSet } from "../model/parameterSet.ts";
import type { InitialValue } from "./initialValue.ts";
import { type Pass, promptPass, sequencePass, tokenPass } from "./pass.ts";

/** The settings every language model has. */
export type LanguageSettings = Readonly<Record<string, unknown>> & {
  readonly vocabSize: number;
  readonly context: number;
  readonly depth: number;
  readonly heads: number;
};

/** What one family of language models has of its own. */
export interface LanguageModelParts<P extends Tree, C extends LanguageSettings> {
  readonly name: string;
  readonly config: C;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Builds the parameter tree, asking for every leaf in tree order; of arrays it is a `P`. */
  tree<T>(leaf: (parameter: Parameter) => T): unknown;
  /** How a parameter starts when the optimizer does not say. */
  readonly initialValue: InitialValue;
  /** Token ids int32 [batch, time] to logits [n, vocabSize] of the n rows that `pass` selects. Consumes both trees. */
  forward(params: P, tokens: np.Array, pass: Pass): np.Array;
}

/** A `LanguageModel` from its forward pass: loss, logits, generation, counts. */
export function languageModel<P extends Tree, C extends LanguageSettings>(
  parts: LanguageModelParts<P, C>,
): LanguageModel<P> & { readonly config: C } {
  const { name, config, kvHeads, headDim, tree, initialValue, forward } = parts;
  const { vocabSize, context, depth, heads } = config;
  const parameters = parameterSet<P>(tree, initialValue);
  const multiplied = parameters.parameters
    .filter(({ role }) => role === "hidden" || role === "head")
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return {
    kind: "language",
    name,
    config,
    vocabSize,
    context,
    ...parameters,
    // 2 forward and 4 backward per weight of a matrix product, and 12 · depth · context · heads · headDim for the
    // two products of attention (Chowdhery et al. 2022, arXiv:2204.02311, appendix B), without halving for the mask.
    flopsPerToken: 6 * multiplied + 12 * depth * context * heads * headDim,
    apply(params, tokens) {
      const [batch, time] = expectTokens(tokens, context);
      return forward(params, tokens, sequencePass).reshape([batch, time, vocabSize]);
    },
    loss(params, { tokens, targets }) {
      const [batch, time] = expectTokens(tokens, context);
      return crossEntropy(forward(params, tokens, sequencePass), targets.reshape([batch * time]));
    },
    cacheShape: [depth, kvHeads, context, headDim],
    prefill(params, tokens, length) {
      const [batch, time] = expectTokens(tokens, context);
      if (batch !== 1 || time !== context) {
        throw new Error(
          `prefill takes one window of the whole context [1, ${context}], got [${batch}, ${time}]`,
        );
      }
      const pass = promptPass(length);
      return finish(forward(params, tokens, pass), pass.cache);
    },
    decode(params, token, position, cache) {
      const at = position.reshape([1]);
      const pass = tokenPass(at, cache);
      const logits = forward(params, token.reshape([1, 1]), pass);
      at.dispose();
      return finish(logits, pass.cache);
    },
  };

  function finish(logits: np.Array, cache: KeyValueCache): CachedLogits {
    return { logits: logits.reshape([vocabSize]), cache };
  }
}

function expectTokens(tokens: np.Array, context: number): [batch: number, time: number] {
  const [batch, time] = tokens.shape;
  if (tokens.shape.length !== 2 || batch === undefined || time === undefined) {
    throw new Error(`tokens must be [batch, time], got [${tokens.shape}]`);
  }
  if (time > context) {
    throw new Error(`tokens are ${time} long but the model's context is ${context}: pass shorter sequences`);
  }
  return [batch, time];
}

import { namedLeaves, type Tree } from "../tree.ts";
import type { Parameter, Role } from "./parameter.ts";

/** A role with the reason it was chosen. */
export interface RoleGuess extends Parameter {
  readonly because: string;
}

/**
 * The role of every parameter, guessed from its rank and name, each with the reason.
 *
 * Rank 0 and 1: gain if the name says so, or if it is a `weight` (only norms have such), else bias. Rank 2: embedding or
 * head by name (see `roleByName`), else hidden. Rank 3 and more: convolution. Borrows the parameters.
 */
export function inferRoles(params: Tree): RoleGuess[] {
  return namedLeaves(params).map(([path, { shape }]) => inferRole(path, shape));
}

/** The guess for one parameter. */
export function inferRole(path: string, shape: readonly number[]): RoleGuess {
  const guess = (role: Role, because: string): RoleGuess => ({ path, shape: [...shape], role, because });
  const rank = shape.length;
  if (rank <= 1) {
    return isGain(path) ? guess("gain", `rank ${rank}, named like a gain`) : guess("bias", `rank ${rank}`);
  }
  if (rank > 2) return guess("conv", `rank ${rank}`);
  const named = roleByName(path);
  return named === undefined
    ? guess("hidden", "rank 2")
    : guess(named, `rank 2, named like an ${named}`.replace("an head", "a head"));
}

/**
 * What a matrix is called when its own name says nothing: `lm_head.weight`, `dense/kernel`, `embedding.embeddings`, and as
 * TransformerLens calls them, `unembed.W_U`, `attn.W_Q`.
 */
const leafNames = /^(w( ([a-z]|in|out|pos|gate))?|weights?|kernel|matrix|value|table)$/;

/** Parts of a network that come many times: what is called `output` or `head` in them leads to the next, not out. */
const inner =
  /^(\d+|h|blocks?|layers?|attn|attention|mlp|ffn|feed|ff|expert|experts|encoder|cell|intermediate)\d*$/;

/** Matrices that stand behind a table, or that make vectors of something else than tokens. */
const maps = /^(proj|project|projection|linear|dense|mlp|mapping|conv|patch|patches)\d*$/;

/** Always the way out, wherever it stands. */
const strongHeads =
  /(^| )(lm head|unembed\w*|embed out|classifier( head| layer)?|logits?|readout|qa outputs?|output head)$/;

/** The way out where it stands in no inner part: `output`, `outputLayer`, `head`, a ResNet's `fc`, a BERT's decoder. */
const weakHeads =
  /(^| )(heads?|outputs?|output layer|out layer|output projection|predictions?|score|predictions decoder)$|^fc$/;

const embeddings = /(^| )(embed\w*|emb|wte|wpe|vocab\w*|relative attention bias)( |$)|^shared$/;

/**
 * The role a matrix's name suggests, if any: of GPT-2, LLaMA, Qwen, ViT, ResNet, BERT, T5 and Keras, and of names people
 * give in camel case, with or without underscores. A matrix in an inner part (attention, MLP, a numbered layer) is no head unless it is called one
 * outright (`lm_head`, `classifier`).
 */
export function roleByName(path: string): "embedding" | "head" | undefined {
  const segments = path.split(/[./]/).map(wordsOf);
  while (segments.length > 1 && leafNames.test(segments.at(-1)?.join(" ") ?? "")) segments.pop();
  const all = segments.flat();
  const name = all.join(" ");
  const own = (segments.at(-1) ?? []).filter((word) => word !== "layer"); // `outputLayer` is no inner one
  const around = [...segments.slice(0, -1).flat(), ...own];
  if (strongHeads.test(name)) return "head";
  if (weakHeads.test(name) && !around.some((word) => inner.test(word))) return "head";
  const mapped = all.some((word) => maps.test(word));
  return embeddings.test(name) && !mapped ? "embedding" : undefined;
}

function isGain(path: string): boolean {
  const segments = path.split(/[./]/).map(wordsOf);
  const words = segments.at(-1) ?? [];
  if (words.some((word) => word === "bias" || word === "beta")) return false;
  const name = words.join(" ");
  return (
    leafNames.test(name) || /(gain|scale|gamma|norm\w*)s?\d*$/.test(name) || /^(ln|bn)( ?\w)?$/.test(name)
  );
}

/** `wordEmbedding`, `word_embedding` and `word-embedding` are "word", "embedding". */
const wordsOf = (segment: string): string[] =>
  segment
    .replace(/:\d+$/, "") // Keras
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[ _-]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());

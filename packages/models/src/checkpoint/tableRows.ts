import { plainNames } from "./plainNames.ts";
import type { TensorInfo } from "./tensorSource.ts";
import { type NamedModel, nameIn, namesIn } from "./weightNames.ts";

/** Lengths of a checkpoint's tables, where it has them. */
export interface TableRows {
  /** Rows of the embedding: the token ids the checkpoint knows. */
  readonly embedding?: number;
  /** Rows of GPT-2's learned positions: the longest sequence it knows. */
  readonly positions?: number;
}

/**
 * What only the weights can say of a language model: how long their tables are. `model` is one of the same family,
 * whatever its vocabulary and context. Looks at shapes alone.
 */
export function tableRows(model: NamedModel, given: ReadonlyMap<string, TensorInfo>): TableRows {
  const { tensors } = plainNames(given);
  const names = namesIn(model, tensors);
  const rows = (path: string): number | undefined => {
    const rule = names.rules.find(({ paths }) => paths[0] === path);
    const tied = names.tiedHead?.path === path ? nameIn(names, names.tiedHead.name, tensors) : undefined;
    const name = (rule && nameIn(names, rule.name, tensors)) ?? tied;
    return name === undefined ? undefined : tensors.get(name)?.shape[0];
  };
  const [embedding, positions] = [rows("embedding"), rows("positions")];
  return {
    ...(embedding !== undefined && { embedding }),
    ...(positions !== undefined && { positions }),
  };
}

import type { StatelessTransform } from "../core/transform.ts";
import { disposeTree } from "../core/tree.ts";

/** Leaves updates as they are. */
export function identity(): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      disposeTree(params);
      return [updates, state];
    },
  };
}

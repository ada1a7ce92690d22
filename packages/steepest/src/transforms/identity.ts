import type { StatelessTransform } from "../transform.ts";
import { disposeTree } from "../tree.ts";

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

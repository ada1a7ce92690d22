import { computed } from "@preact/signals";
import { type OptimizerName, optimizerNames } from "steepest";

import { query } from "../../address/address.ts";
import { type StateClass, stateClasses } from "./spectra.ts";

/** What the page shows, all of it from the address. */
export interface MapState {
  readonly search: string;
  readonly state: StateClass | undefined;
  readonly method: OptimizerName;
}

const FIRST: OptimizerName = "muon";

export const mapState = computed((): MapState => {
  const given = query.value;
  return {
    search: given.get("q") ?? "",
    state: stateClasses.find(({ name }) => name === given.get("state"))?.name,
    method: optimizerNames().find((name) => name === given.get("method")) ?? FIRST,
  };
});

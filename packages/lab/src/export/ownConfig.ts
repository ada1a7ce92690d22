import type { TrainedRun } from "../trained/trainedRun.ts";

/** What `loadPretrained` and `steepest train --weights` need beside weights under our own names. */
export const ownConfig = ({ model, tokenizer, images }: TrainedRun) => ({
  format: 1,
  model: { family: model.name, config: model.config },
  tokenizer,
  ...(images !== undefined && { images }),
});

import { join } from "node:path";

import type { Trial } from "./trial.ts";

/** The name of a trial's run folder: readable, and the same for the same plan. */
export const trialFolderName = ({ label, id }: Pick<Trial, "label" | "id">): string =>
  `${label.replace(/[^A-Za-z0-9._=-]+/g, "-").slice(0, 60)}-${id}`;

/** The run folder of a trial in the folder of its sweep. */
export const trialFolder = (folder: string, trial: Pick<Trial, "label" | "id">): string =>
  join(folder, "trials", trialFolderName(trial));

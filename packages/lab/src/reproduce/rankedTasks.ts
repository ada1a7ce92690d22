import { existsSync } from "node:fs";
import * as v from "valibot";

import { claimDataFile, readClaimData, resultsOf } from "./claimData.ts";
import { spectraJobs } from "./claims/twoSpectra.ts";
import { protocolOutcomes } from "./protocol.ts";
import type { RankedTask } from "./rankingPage.ts";
import { trained } from "./trained.ts";

/** The tasks on which all methods were compared, from the data of the claims in a folder; those without data are left out. */
export function rankedTasks(folder: string): RankedTask[] {
  return spectraJobs.flatMap(({ claim, name, job, protocol }): RankedTask[] => {
    if (!existsSync(claimDataFile(folder, claim))) return [];
    const data = readClaimData(folder, claim);
    const done = new Map([...resultsOf(data)].map(([id, result]) => [id, v.parse(trained, result)]));
    const outcomes = protocolOutcomes(protocol(data.scale), done);
    return [{ name, job: job(data.scale), page: `claims/${claim}.md`, outcomes }];
  });
}

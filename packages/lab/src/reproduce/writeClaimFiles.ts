/** Makes the pages and figures of docs/results/claims from their data, and the table in README.md: part of `npm run docs`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { catalogue } from "./catalogue.ts";
import { claimDataFile, readClaimData } from "./claimData.ts";
import { claimIndex, type ListedClaim, withClaimTable } from "./claimIndex.ts";
import { claimPage } from "./claimPage.ts";
import { rankedTasks } from "./rankedTasks.ts";
import { rankingPage } from "./rankingPage.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = `${root}docs/results/claims`;
const listed: ListedClaim[] = [];
for (const { name, load } of catalogue) {
  if (!existsSync(claimDataFile(folder, name))) continue;
  const claim = await load();
  const data = readClaimData(folder, name);
  const { markdown, svg, analysis } = claimPage(claim, data);
  writeFileSync(`${folder}/${name}.md`, markdown);
  writeFileSync(`${folder}/${name}.svg`, svg);
  listed.push({ claim, data, analysis });
}
writeFileSync(`${folder}/README.md`, claimIndex(listed));
writeFileSync(`${root}docs/results/ranking.md`, rankingPage(rankedTasks(folder)));
const readme = `${root}README.md`;
writeFileSync(readme, withClaimTable(readFileSync(readme, "utf8"), listed));

import type { Analysis, Claim } from "./claim.ts";
import type { ClaimData } from "./claimData.ts";

/** A claim with its results. */
export interface ListedClaim {
  readonly claim: Claim;
  readonly data: ClaimData;
  readonly analysis: Analysis;
}

/** A table of claims and verdicts; `path` leads from the page to the folder of the claims. */
export function claimTable(listed: readonly ListedClaim[], path = ""): string {
  return [
    "| claim | here | measured |",
    "| --- | --- | --- |",
    ...listed.map(({ claim, analysis }) => {
      const link = `[${claim.title}](${path}${claim.name}.md)`;
      return `| ${link} | ${analysis.verdict} | ${analysis.headline.replaceAll("|", "\\|")} |`;
    }),
  ].join("\n");
}

/** The page that leads to those of the claims. */
export const claimIndex = (listed: readonly ListedClaim[]): string => `# The papers' claims, put to the test

Each line is a sentence or a figure of a paper that was run here, at the scale its page names, with what came out. *Cannot be told* means that the
interval holds both answers, or that this scale has no room for the claim. What follows from models of a hundred thousand parameters for models of
a billion is for the reader to judge; the configurations of larger scales are in the code. \`steepest reproduce NAME\` runs one again.

${claimTable(listed)}
`;

const [BEGIN, END] = ["<!-- claims: npm run docs -->", "<!-- end of claims -->"];

/** A page with the table of claims between its marks, as the data say it now. Throws where the marks are missing. */
export function withClaimTable(page: string, listed: readonly ListedClaim[]): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no "${BEGIN}" … "${END}"`);
  return `${page.slice(0, from)}${BEGIN}\n${claimTable(listed, "docs/results/claims/")}\n${page.slice(to)}`;
}

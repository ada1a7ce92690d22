/** The equations of a formula, one for each line; the catalogue separates short ones by a semicolon and two spaces. */
export const formulaLines = (formula: string): string[] =>
  formula.split(/\n|;\s{2,}/).map((line) => line.trimEnd());

/** What a run can be exported as. */
export const exportParts = ["model", "train-step", "weights"] as const;
export type ExportPart = (typeof exportParts)[number];

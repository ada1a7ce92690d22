export type { CommandIo } from "./commandIo.ts";
export { fitTable, type TableColumn, wrapWords } from "./fitTable.ts";
export { formatMs, formatRatio, formatShare, MISSING } from "./quantities.ts";
export { type Colours, plain, terminalColours } from "./terminalColours.ts";
export { terminalWidth } from "./terminalWidth.ts";
export type { CommandFactory, Verb } from "./verb.ts";

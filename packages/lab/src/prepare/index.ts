export type { PreparedRun } from "./preparedRun.ts";
export { prepareRun } from "./prepareRun.ts";

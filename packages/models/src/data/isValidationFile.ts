import { basename } from "node:path";

/** Whether a file's name has `val`, `valid`, `validation`, `eval` or `test` as a word: it is not to be trained on. */
export const isValidationFile = (path: string): boolean =>
  /(^|[^a-z])(val|valid|validation|eval|test)([^a-z]|$)/i.test(basename(path));

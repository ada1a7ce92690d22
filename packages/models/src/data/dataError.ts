/** What is wrong with a data source, for programs; people read the message. */
export type DataProblem =
  | "missing" // no such file
  | "unreadable" // a folder, no permission, too large for one string
  | "empty"
  | "notText" // not UTF-8, or with NUL bytes
  | "damaged" // not in the layout it should have: wrong magic, truncated, a count that cannot be
  | "unsupported" // a valid file that uses something we do not read
  | "tooShort" // fewer tokens than one sequence needs, fewer images than one batch
  | "unknownToken"; // a character outside the vocabulary, an id outside the table

/** Data that cannot be used; the message is one sentence that says what to do. */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly problem: DataProblem;

  constructor(problem: DataProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

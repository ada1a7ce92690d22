/** A request that cannot be answered as it is; the message is for whoever sent it. */
export class QuestionError extends Error {
  override readonly name = "QuestionError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

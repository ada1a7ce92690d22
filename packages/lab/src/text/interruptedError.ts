/** Work was asked to stop and did, with everything saved; the message says how to go on. Exit code 130. */
export class InterruptedError extends Error {
  override readonly name: string = "InterruptedError";
}

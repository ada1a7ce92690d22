/** A checkpoint that cannot be used; the message says which file and what is wrong with it. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

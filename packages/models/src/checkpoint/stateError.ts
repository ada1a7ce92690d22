/** A training state that cannot be saved, or a file that does not hold the state asked for. */
export class StateError extends Error {
  override readonly name = "StateError";
}

/** MPI is missing, or what started the ranks and the library do not go together. */
export class MpiError extends Error {
  override readonly name = "MpiError";
}

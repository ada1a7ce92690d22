/** The command line or a config file asks for something impossible: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

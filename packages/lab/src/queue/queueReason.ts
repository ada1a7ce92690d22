const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ENOTFOUND: "there is no machine of this name",
  EAI_AGAIN: "the name of the machine cannot be looked up now",
  ETIMEDOUT: "no answer in time",
  EHOSTUNREACH: "there is no way to this machine",
  ECONNRESET: "the connection was cut",
  "28P01": "the password is wrong",
  "28000": "this user may not connect",
  "3D000": "there is no database of this name",
  "57P03": "the server is starting or stopping",
};

/** Why a queue cannot be reached, in words and without secrets. */
export function queueReason(error: unknown): string {
  // A name with several addresses gives an error for each, and one without a message around them.
  const [first] = error instanceof AggregateError ? error.errors : [];
  if (first !== undefined) return queueReason(first);
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  if (/WRONGPASS|NOAUTH/.test(error.message)) return "the password is missing or wrong";
  return reasons[code] ?? error.message.split("\n")[0] ?? "for an unknown reason";
}

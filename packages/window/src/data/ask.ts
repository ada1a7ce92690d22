import { link } from "../address/address.ts";

/** Asks this server. Throws with what it says where it has no answer. */
export async function ask<T>(
  path: string,
  state: Readonly<Record<string, string | readonly string[]>> = {},
  signal?: AbortSignal,
): Promise<T> {
  const response = await fetch(link(path, state), signal === undefined ? {} : { signal });
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  const said = typeof answer === "object" && answer !== null && "error" in answer ? String(answer.error) : "";
  throw new Error(said === "" ? `the server answers ${response.status}` : said);
}

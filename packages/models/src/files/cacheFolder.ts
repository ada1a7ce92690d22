import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where tokenised text and checksums are kept: `$STEEPEST_CACHE`, else `steepest` in `$XDG_CACHE_HOME`, else
 * `~/.cache/steepest`. It may be deleted at any time.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment["STEEPEST_CACHE"];
  return own || join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "steepest");
}

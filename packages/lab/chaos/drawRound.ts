import { generator } from "./generator.ts";

/** What is done to a process. Signals go to its whole group, as a terminal and a batch system send them. */
export const disturbances = [
  "SIGKILL alone",
  "SIGKILL",
  "SIGINT",
  "SIGINT twice",
  "SIGTERM",
  "SIGHUP",
  "overlap",
  "closed pipes",
  "full disk",
] as const;
/** What is done to runs of several processes: a rank or `mpirun` alone is killed in half of the cases. */
export const rankDisturbances = [
  "SIGKILL of one below",
  "SIGKILL of one below",
  "SIGKILL of one below",
  "SIGKILL of one below",
  "SIGKILL alone",
  "SIGKILL",
  "SIGINT",
  "SIGTERM",
] as const;
export type Disturbance = (typeof disturbances)[number] | (typeof rankDisturbances)[number];

/** A disturbance and its moment. */
export interface Blow {
  readonly disturbance: Disturbance;
  /** After so many files have appeared or grown in the folder … */
  readonly changes: number;
  /** … and so many milliseconds. */
  readonly delay: number;
  /** Of a full disk: bytes that a file may have, in KiB. Of one process below: which of them. */
  readonly limit: number;
}

/** One job with what is done to it, a process after the other. */
export interface Round {
  readonly seed: number;
  readonly job: number;
  readonly blows: readonly Blow[];
}

/** The same round for the same seed, of at most `most` disturbances of these kinds. */
export function drawRound(
  seed: number,
  jobCount: number,
  most = 3,
  kinds: readonly Disturbance[] = disturbances,
): Round {
  const random = generator(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const blow = (): Blow => ({
    disturbance: kinds[below(kinds.length)] ?? "SIGKILL",
    changes: below(4) === 0 ? 0 : below(45),
    delay: below(3) === 0 ? below(1500) : below(40),
    limit: 2 ** below(6),
  });
  return { seed, job: below(jobCount), blows: Array.from({ length: 1 + below(most) }, blow) };
}

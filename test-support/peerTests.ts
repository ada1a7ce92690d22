/**
 * Tests that start other programs, browsers, MPI, Redis, Postgres and batch scripts, or kill process after process. Some machines lack
 * them, and they wait more than they compute: `npm run test:peers` runs them, `npm test` all others.
 */
export const peerTests: readonly string[] = [
  "packages/lab/test/chaos.test.ts",
  "packages/lab/test/collectives.test.ts",
  "packages/lab/test/outer.test.ts",
  "packages/lab/test/queue.test.ts",
  "packages/lab/test/queueKills.test.ts",
  "packages/lab/test/rankedEngine.test.ts",
  "packages/lab/test/ranks.test.ts",
  "packages/lab/test/slurm.test.ts",
  "packages/window/test/browser/**/*.test.ts",
];

import type { CompareRow } from "../compare/compareRow.ts";
import { ComparisonInterruptedError } from "../compare/comparisonInterruptedError.ts";
import { runInChild } from "../compare/runInChild.ts";
import { type Runner, runHere } from "../compare/runner.ts";
import { runsAtOnce } from "../compare/runsAtOnce.ts";
import type { CompareResult, ContinueIo } from "../report/continueComparison.ts";
import { usableThreads } from "../run/usableThreads.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatDuration } from "../text/formatDuration.ts";
import { formatCountOf } from "../text/quantities.ts";
import { stoppingRuns } from "../text/stoppingRuns.ts";
import { compareDisplay } from "./compareDisplay.ts";
import type { CompareFlags } from "./compareFlags.ts";
import { openWindow } from "./openWindow.ts";
import { printRuns } from "./printRuns.ts";

interface Asked {
  readonly flags: CompareFlags;
  /** Runs of the comparison. */
  readonly runs: number;
  /** Of each run, where somebody said so. */
  readonly threads: number | undefined;
  /** Runs at once, where somebody said so. */
  readonly parallel: number | undefined;
}

/** Makes a comparison with progress on stderr, and prints what came out. Throws where a run did not finish. */
export async function showComparison(
  { flags, runs, threads: given, parallel }: Asked,
  io: CommandIo,
  make: (how: ContinueIo) => Promise<CompareResult>,
): Promise<void> {
  const [, script = ""] = process.argv;
  const ownProcess = /steepest(\.js)?$/.test(script);
  const wishes = { asked: ownProcess ? parallel : 1, threads: given, runs, cores: usableThreads(undefined) };
  const { atOnce, threads } = runsAtOnce(wishes);
  const own = ownProcess ? runInChild(script) : runHere;
  const runner: Runner = (plan, how) => {
    io.listen(stoppingRuns);
    return own(threads === undefined ? plan : { ...plan, threads }, how);
  };
  let display: ReturnType<typeof compareDisplay> | undefined;
  const began = performance.now();
  let result: CompareResult;
  try {
    result = await make({
      runner,
      atOnce,
      observe(planned) {
        io.listen(stoppingRuns); // the display hides the cursor
        display = compareDisplay(planned, io, { atOnce });
        return display.observer;
      },
      report: io.err,
      ...(flags.open === true && { onFolder: (folder) => openWindow(folder, io.err) }),
      signal: io.signal,
    });
  } finally {
    display?.done();
  }
  print(result, io, flags.json === true, (performance.now() - began) / 1000);
  const { rows, folder } = result;
  if (result.interrupted) throw new ComparisonInterruptedError(whatIsKept(rows, runs), folder);
  const stopped = rows.filter(({ status }) => status !== "finished");
  if (stopped.length === 0) return;
  throw new Error(
    `${stopped.length} of ${formatCountOf(rows.length, "run")} did not finish: ${stopped.map(why).join("; ")}`,
  );
}

function print(
  { rows, runs, report, picture, remarks }: CompareResult,
  io: CommandIo,
  json: boolean,
  seconds: number,
): void {
  if (json) {
    io.out(JSON.stringify({ rows, rates: remarks.rates, report }));
    return;
  }
  printRuns(runs, [...(remarks.warning === undefined ? [] : [remarks.warning]), ...remarks.rates], io);
  io.out(`\n${formatCountOf(rows.length, "run")} in ${formatDuration(seconds)}; report: ${report}`);
  if (picture !== undefined) io.out(`picture of their paths: ${picture}`);
}

/** What of a comparison that was stopped is there: `2 of 6 runs have ended and are kept, muon with seed 0 is …`. */
function whatIsKept(rows: readonly CompareRow[], planned: number): string {
  const ended = rows.filter(({ status }) => status !== "interrupted").length;
  const onTheirWay = rows
    .filter(({ status }) => status === "interrupted")
    .map(({ label, seed, steps }) =>
      steps === 0
        ? `${label} with seed ${seed} begins again`
        : `${label} with seed ${seed} is saved at step ${steps}`,
    );
  return [
    `${ended} of ${formatCountOf(planned, "run")} ${ended === 1 ? "has ended and is" : "have ended and are"} kept`,
    ...onTheirWay,
  ].join(", ");
}

const why = ({ label, seed, error = "" }: CompareRow): string => `${label} with seed ${seed}: ${error}`;

import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { replaceFile } from "@steepest/models/node";

import { FileError, fileError } from "../files/fileError.ts";
import { lockFolder } from "../files/folderLock.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import { catalogue, loadClaim } from "../reproduce/catalogue.ts";
import { type Claim, type Scale, scales } from "../reproduce/claim.ts";
import { readClaimData, writeClaimData } from "../reproduce/claimData.ts";
import { claimIndex, type ListedClaim } from "../reproduce/claimIndex.ts";
import { claimPage } from "../reproduce/claimPage.ts";
import { makeHere, makeInChild } from "../reproduce/makePart.ts";
import { runClaim } from "../reproduce/runClaim.ts";
import { RunInterruptedError } from "../run/runErrors.ts";
import { usableThreads } from "../run/usableThreads.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { wrapWords } from "../text/fitTable.ts";
import { InterruptedError } from "../text/interruptedError.ts";
import { shellWord } from "../text/shellWord.ts";
import { didYouMean } from "../text/suggest.ts";
import { terminalWidth } from "../text/terminalWidth.ts";
import { claimProgress } from "./claimProgress.ts";
import type { ReproduceFlags } from "./reproduceFlags.ts";

/** Runs one claim or all, or makes their pages again, and says what came out. */
export async function showReproduce(
  name: string | undefined,
  flags: ReproduceFlags,
  io: CommandIo,
): Promise<void> {
  const scale = readScale(flags.scale);
  if (name !== undefined && flags.all === true)
    throw new UsageError(`give ${name} or --all, not both: --all runs every claim`);
  if (flags.page !== undefined && (flags.out ?? flags.scale ?? flags.parallel) !== undefined)
    throw new UsageError("--page runs nothing: it does not go with --out, --scale and --parallel");
  if (flags.page !== undefined && flags.resume === true)
    throw new UsageError("--page runs nothing: leave --resume out");
  const names = name === undefined ? catalogue.map((entry) => entry.name) : [name];
  const claims = await Promise.all(names.map(loadClaim));
  const folder = resolve(flags.page ?? flags.out ?? join("runs", `claims-${scale}`));
  const listed: ListedClaim[] = [];
  for (const claim of claims) {
    if (flags.page !== undefined && name === undefined && !existsSync(join(folder, `${claim.name}.json`)))
      continue;
    if (flags.page === undefined) await makeClaim(claim, scale, folder, flags, io);
    listed.push(writePage(claim, folder));
    if (flags.json !== true) tell(listed.at(-1), folder, io);
  }
  if (name === undefined) write(join(folder, "README.md"), claimIndex(listed));
  if (flags.json === true)
    io.out(
      JSON.stringify(
        listed.map(({ claim, data, analysis }) => ({
          claim: claim.name,
          scale: data.scale,
          verdict: analysis.verdict,
          headline: analysis.headline,
          cpuSeconds: data.parts.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
          page: join(folder, `${claim.name}.md`),
          figure: join(folder, `${claim.name}.svg`),
          data: join(folder, `${claim.name}.json`),
        })),
      ),
    );
}

async function makeClaim(
  claim: Claim,
  scale: Scale,
  out: string,
  flags: ReproduceFlags,
  io: CommandIo,
): Promise<void> {
  const folder = join(out, `${claim.name}-${scale}`);
  if (existsSync(folder) && flags.resume !== true)
    throw new FileError(
      `${folder} is there already: go on with it (--resume), or choose another folder (--out)`,
    );
  mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder, "folder of the claim");
  io.listen("stopping with the parts on their way");
  try {
    const [, script = ""] = process.argv;
    const maker = /steepest(\.js)?$/.test(script) ? makeInChild(script) : makeHere;
    const asked = numberFlag("--parallel", flags.parallel, { least: 1, whole: true });
    const atOnce = asked ?? usableThreads(undefined);
    const observer = claimProgress(claim.name, io);
    writeClaimData(out, await runClaim(claim, scale, { folder, maker, atOnce, signal: io.signal, observer }));
  } catch (error) {
    if (!(error instanceof RunInterruptedError)) throw error;
    const which = flags.all === true ? "--all" : claim.name;
    throw new InterruptedError(
      `stopped: what has ended is kept; go on with: steepest reproduce ${which} --scale ${scale} --out ${shellWord(out)} --resume`,
    );
  } finally {
    lock.release();
  }
}

function writePage(claim: Claim, folder: string): ListedClaim {
  const data = readClaimData(folder, claim.name);
  const { markdown, svg, analysis } = claimPage(claim, data);
  write(join(folder, `${claim.name}.md`), markdown);
  write(join(folder, `${claim.name}.svg`), svg);
  return { claim, data, analysis };
}

function tell(listed: ListedClaim | undefined, folder: string, io: CommandIo): void {
  if (listed === undefined) return;
  const { claim, data, analysis } = listed;
  const sentence = `${claim.name}, scale ${data.scale}: ${analysis.verdict}. ${analysis.headline} Page: ${join(folder, claim.name)}.md`;
  for (const line of wrapWords(sentence, terminalWidth(process.stdout))) io.out(line);
}

function write(path: string, text: string): void {
  try {
    replaceFile(path, text);
  } catch (error) {
    throw fileError("write", path, error);
  }
}

function readScale(text: string | undefined): Scale {
  if (text === undefined) return "small";
  const found = scales.find((scale) => scale === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--scale must be one of ${scales.join(", ")}, got "${text}"${didYouMean(text, scales)}`,
  );
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { mapAtOnce } from "../compare/mapAtOnce.ts";
import type { Json } from "../plan/runPlan.ts";
import { describeEnvironment } from "../run/environment.ts";
import { RunInterruptedError } from "../run/runErrors.ts";
import type { Claim, Part, Scale } from "./claim.ts";
import { type ClaimData, type PartFile, readPart, writePart } from "./claimData.ts";
import type { PartMaker } from "./makePart.ts";

export interface ClaimIo {
  /** Of this claim; parts that are there are not made again. */
  readonly folder: string;
  readonly maker: PartMaker;
  /** Parts on their way at the same time. */
  readonly atOnce: number;
  readonly signal: AbortSignal;
  readonly observer?: ClaimObserver;
}

/** Callbacks for progress displays. */
export interface ClaimObserver {
  /** Parts that are called for now; more may follow from what they come to. */
  onRound?(parts: readonly Part[], known: number): void;
  onPartEnd?(part: Part, made: PartFile): void;
}

/**
 * Makes all parts of a claim and returns what its page is made from. Each result is on the disk before the
 * next part begins. A part that fails ends the claim once those on their way have ended; what was made is
 * kept. Rejects with `RunInterruptedError` where it was stopped.
 */
export async function runClaim(claim: Claim, scale: Scale, io: ClaimIo): Promise<ClaimData> {
  const { folder, signal, observer } = io;
  mkdirSync(join(folder, "parts"), { recursive: true });
  const made = new Map<string, PartFile>();
  const results = (): Map<string, Json> => new Map([...made].map(([id, { result }]) => [id, result]));
  for (;;) {
    const called = claim.parts(scale, results());
    const left: Part[] = [];
    let known = 0;
    for (const part of called) {
      if (made.has(part.id)) continue;
      const before = readPart(folder, part.id);
      if (before === undefined) left.push(part);
      else {
        made.set(part.id, before);
        known++;
      }
    }
    if (known > 0 || left.length > 0) observer?.onRound?.(left, known);
    if (left.length === 0 && known === 0) break;
    const done = results();
    await mapAtOnce(left, io.atOnce, async (part) => {
      if (signal.aborted) throw new RunInterruptedError(0, folder);
      const own = join(folder, "runs", part.id);
      const finished = await makeNamed(claim, scale, part, done, { ...io, own });
      writePart(folder, part.id, finished);
      made.set(part.id, finished);
      observer?.onPartEnd?.(part, finished);
    });
  }
  const order = claim.parts(scale, results());
  return {
    format: 1,
    claim: claim.name,
    scale,
    command: `steepest reproduce ${claim.name} --scale ${scale}`,
    made: new Date().toISOString(),
    environment: describeEnvironment(),
    parts: order.flatMap(({ id }) => {
      const part = made.get(id);
      return part === undefined ? [] : [{ id, ...part }];
    }),
  };
}

/** Its errors say which part it was. */
async function makeNamed(
  claim: Claim,
  scale: Scale,
  { id }: Part,
  done: ReadonlyMap<string, Json>,
  { maker, signal, own }: ClaimIo & { readonly own: string },
): Promise<PartFile> {
  try {
    return await maker(claim, scale, id, done, { folder: own, signal });
  } catch (error) {
    if (error instanceof RunInterruptedError) throw error;
    throw new Error(`${claim.name}, ${id}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

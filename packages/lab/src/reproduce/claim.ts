import * as v from "valibot";

import type { Json } from "../plan/runPlan.ts";
import type { ClaimFigure } from "./figureParts.ts";

/** How much of a machine a claim is tested with: minutes on two cores, a night on a workstation, what the authors used. */
export const scales = ["small", "medium", "paper"] as const;
export type Scale = (typeof scales)[number];

/** Where a claim comes from. */
export interface Source {
  readonly authors: string;
  readonly title: string;
  readonly year: number;
  /** `arXiv:2506.01913`, or what else it can be found by. */
  readonly id: string;
  /** Section, figure or table. */
  readonly where: string;
}

export const verdicts = ["holds", "does not hold", "cannot be told"] as const;
export type Verdict = (typeof verdicts)[number];

export interface Table {
  readonly caption?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the results of a claim come to. */
export interface Analysis {
  readonly verdict: Verdict;
  /** What was measured, with its interval: one or two sentences. */
  readonly headline: string;
  readonly tables: readonly Table[];
  readonly figure: ClaimFigure;
  /** What a reader should know before believing it. */
  readonly remarks: readonly string[];
}

/** What a piece of work may touch. */
export interface PartIo {
  /** A folder of its own, for runs. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A piece of the work, made once: its result is kept. */
export interface Part<Result = Json> {
  /** Letters, digits, `-`, `.` and `_`; the name of its file. */
  readonly id: string;
  /** About so many seconds of one core. For the time left. */
  readonly cost: number;
  make(io: PartIo): Promise<Result>;
}

/** Results by the ids of their parts. */
export type Results<Result> = ReadonlyMap<string, Result>;

interface ClaimHead {
  /** As in `steepest reproduce NAME`. */
  readonly name: string;
  readonly title: string;
  readonly source: Source;
  /** The claim, in our words. */
  readonly statement: string;
  /** How it is tested at a scale: paragraphs of Markdown. */
  setup(scale: Scale): string;
}

/** A claim of a paper: what to run, and what the results say of it. */
export interface Claim extends ClaimHead {
  /** All parts that are called for by the results so far, those that have results among them. Those left out end the work. */
  parts(scale: Scale, done: Results<Json>): readonly Part[];
  analyse(scale: Scale, done: Results<Json>): Analysis;
}

interface TypedClaim<Result> extends ClaimHead {
  /** Of the result of a part, which comes back from a file. */
  readonly result: v.GenericSchema<unknown, Result>;
  parts(scale: Scale, done: Results<Result>): readonly Part<Result>[];
  analyse(scale: Scale, done: Results<Result>): Analysis;
}

/** A claim whose parts have results of one type. Results that are not of that type throw a `ValiError`. */
export function defineClaim<Result extends Json>(typed: TypedClaim<Result>): Claim {
  const read = (done: Results<Json>): Results<Result> =>
    new Map([...done].map(([id, result]) => [id, v.parse(typed.result, result)]));
  return {
    name: typed.name,
    title: typed.title,
    source: typed.source,
    statement: typed.statement,
    setup: (scale) => typed.setup(scale),
    parts: (scale, done) => typed.parts(scale, read(done)),
    analyse: (scale, done) => typed.analyse(scale, read(done)),
  };
}

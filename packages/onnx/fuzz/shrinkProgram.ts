import { compareProgram, type Difference } from "./compareProgram.ts";
import type { FuzzInput, Line, Program } from "./program.ts";

/** Attempts at most, so that a hopeless case ends. */
const ATTEMPTS = 400;

/** The smallest program found that fails in the same way. */
export async function shrinkProgram(program: Program, { kind }: Difference): Promise<Program> {
  let best = program;
  let left = ATTEMPTS;
  const fails = async (candidate: Program): Promise<boolean> => {
    if (left-- <= 0) return false;
    return (await compareProgram(candidate).catch(() => undefined))?.kind === kind;
  };
  for (let smaller = true; smaller && left > 0; ) {
    smaller = false;
    for (const candidate of smallerOnes(best)) {
      if (!(await fails(candidate))) continue;
      best = candidate;
      smaller = true;
      break;
    }
  }
  return best;
}

function* smallerOnes(program: Program): Generator<Program> {
  const { inputs, lines, gradient } = program;
  if (gradient !== undefined) yield { inputs, lines };
  for (let i = lines.length - 1; i >= 0; i--) {
    const without = removeLine(program, i);
    if (without) yield without;
  }
  for (let i = lines.length - 1; i >= 0; i--)
    for (const id of lines[i]?.reads ?? []) {
      const bypassed = removeLine(replaceReads(program, inputs.length + i, id), i);
      if (bypassed) yield bypassed;
    }
  for (let i = inputs.length - 1; i >= 0; i--) {
    const without = removeInput(program, i);
    if (without) yield without;
  }
  for (const [i, input] of inputs.entries())
    for (const [k, value] of input.values.entries()) {
      if (value === 1 || value === 0) continue;
      for (const simple of [0, 1])
        yield { ...program, inputs: inputs.with(i, { ...input, values: input.values.with(k, simple) }) };
    }
  for (const [i, input] of inputs.entries())
    for (const cut of cuts(input)) yield { ...program, inputs: inputs.with(i, cut) };
}

/** The first half of a dimension. */
function* cuts({ dtype, shape, values }: FuzzInput): Generator<FuzzInput> {
  for (const [d, n] of shape.entries()) {
    if (n < 2) continue;
    const inner = shape.slice(d + 1).reduce((a, b) => a * b, 1);
    const kept = Math.ceil(n / 2);
    const left = values.filter((_, i) => Math.floor(i / inner) % n < kept);
    yield { dtype, shape: shape.with(d, kept), values: left };
  }
}

const renumber = (lines: readonly Line[], to: (id: number) => number): Line[] =>
  lines.map(({ text, reads }) => ({
    text: text.replace(/\bv(\d+)\.ref/g, (_, id) => `v${to(Number(id))}.ref`),
    reads: reads.map(to),
  }));

/** Undefined where something reads the line's value. */
function removeLine(program: Program, i: number): Program | undefined {
  const id = program.inputs.length + i;
  if (program.lines.some(({ reads }) => reads.includes(id))) return undefined;
  const lines = renumber(program.lines.toSpliced(i, 1), (other) => (other > id ? other - 1 : other));
  return lines.length === 0 ? undefined : { ...program, lines };
}

function removeInput(program: Program, i: number): Program | undefined {
  const { inputs, lines, gradient } = program;
  if (inputs.length === 1 || gradient === i || lines.some(({ reads }) => reads.includes(i))) return undefined;
  return {
    inputs: inputs.toSpliced(i, 1),
    lines: renumber(lines, (id) => (id > i ? id - 1 : id)),
    ...(gradient !== undefined && { gradient: gradient > i ? gradient - 1 : gradient }),
  };
}

/** Whatever reads the one value reads the other. */
function replaceReads(program: Program, from: number, to: number): Program {
  return { ...program, lines: renumber(program.lines, (id) => (id === from ? to : id)) };
}

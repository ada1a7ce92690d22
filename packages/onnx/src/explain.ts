import type { Program } from "./program.ts";

/** Stages of a program in words: operators by count, cuts with their equations. */
export function explainProgram(program: Program): string {
  const lines = [`${program.equations} equations, ${program.stages.length} stage(s)`];
  for (const [i, stage] of program.stages.entries()) {
    if (stage.kind === "cut") {
      for (const { equation, index } of stage.calls)
        lines.push(`stage ${i}: cut at equation ${index + 1}: ${String(equation).replace(/\s+/g, " ")}`);
      continue;
    }
    const counts = new Map<string, number>();
    for (const { op } of stage.graph.liveNodes()) counts.set(op, (counts.get(op) ?? 0) + 1);
    const list = [...counts].sort((a, b) => b[1] - a[1]).map(([op, n]) => `${n} ${op}`);
    lines.push(`stage ${i}: graph of ${list.join(", ")}`);
  }
  return lines.join("\n");
}

import type { AnyModel } from "@steepest/models";
import type { TrainingEngine } from "../engine/trainingEngine.ts";

/** Where a problem of two numbers stands, for a picture of its path; nothing of other models. */
export async function positionOf(
  { kind, parameterCount }: AnyModel,
  engine: TrainingEngine,
): Promise<{ readonly x?: readonly number[] }> {
  if (kind !== "problem" || parameterCount !== 2) return {};
  const { params } = await engine.view();
  return { x: Object.values(params).flatMap(({ data }) => Array.from(data, Number)) };
}

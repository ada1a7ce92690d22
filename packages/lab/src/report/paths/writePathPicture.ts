import { join } from "node:path";
import { createModel, isLandscape, modelKind } from "@steepest/models";
import { replaceFile } from "@steepest/models/node";
import type { ComparedRun } from "../../compare/makeRun.ts";
import type { PlannedRun } from "../../compare/planComparison.ts";
import { fileError } from "../../files/fileError.ts";
import { modelOptions } from "../../plan/resolvePlan.ts";
import { type Html, html, raw } from "../html.ts";
import { pathPicture } from "./pathPicture.ts";
import { standaloneStyle } from "./pathStyle.ts";

/** A picture that was written. */
export interface WrittenPicture {
  readonly file: string;
  /** The same for a page. */
  readonly element: Html;
}

/**
 * Draws the paths of runs into `path.svg` of a folder, where all have one model and it is a function of two coordinates; runs
 * of one label (with other seeds) begin at one place and are drawn once. Rejects with `FileError`.
 */
export async function writePathPicture(
  folder: string,
  planned: readonly PlannedRun[],
  runs: readonly ComparedRun[],
): Promise<WrittenPicture | undefined> {
  const models = new Map(planned.map(({ plan }) => [JSON.stringify([plan.model, plan.modelOptions]), plan]));
  const [plan] = models.values();
  if (plan === undefined || models.size > 1 || modelKind(plan.model) !== "problem") return undefined;
  const model = createModel(plan.model, modelOptions(plan));
  const labels = [...new Set(runs.map(({ row }) => row.label))];
  const paths = labels.map((label, colour) => ({
    label,
    colour,
    points: runs.find(({ row }) => row.label === label)?.curves.path ?? [],
  }));
  if (!isLandscape(model) || paths.every(({ points }) => points.length === 0)) return undefined;
  const element = await pathPicture(model, paths);
  const style = html`<style>${raw(standaloneStyle(paths.length))}</style>`;
  const file = join(folder, "path.svg");
  try {
    replaceFile(file, `${element.text.replace(">", `>\n${style.text}`)}\n`);
  } catch (error) {
    throw fileError("write the picture", file, error);
  }
  return { file, element };
}

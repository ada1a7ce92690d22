import type { CompareRow } from "../compare/compareRow.ts";
import type { LossCurves } from "../run/runResult.ts";
import type { Html } from "./html.ts";

/** A label and what to write beside it. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** An option as it was used. */
export interface OptionUsed {
  readonly name: string;
  readonly value: string;
  /** Different from the default in the catalogue. */
  readonly changed: boolean;
}

/** An optimizer's page of the catalogue, with the options of this comparison. */
export interface RecipeUsed {
  readonly label: string;
  readonly optimizer: string;
  readonly family: string;
  readonly summary: string;
  /** A line for each equation. */
  readonly formula: string;
  readonly source: string;
  readonly state: string;
  readonly options: readonly OptionUsed[];
}

/** One run: its row of the table and its losses. */
export interface ReportRun {
  readonly row: CompareRow;
  readonly curves: LossCurves;
}

/** Everything a report shows. Runs of one optimizer share their label; the first label is the reference. */
export interface CompareReport {
  /** Above the title. Default `steepest compare`. */
  readonly brand?: string;
  readonly title: string;
  readonly job: readonly Fact[];
  readonly runs: readonly ReportRun[];
  /** Of a function of two coordinates: the paths of all runs, see `pathPicture`. */
  readonly paths?: Html | undefined;
  /** Of runs that were watched. */
  readonly watched?: { readonly section: Html; readonly names: readonly string[] } | undefined;
  /** Of language models that wrote: the texts. */
  readonly texts?: Html | undefined;
  readonly recipes: readonly RecipeUsed[];
  readonly environment: readonly Fact[];
  /** What to type to repeat it. */
  readonly command: string;
}

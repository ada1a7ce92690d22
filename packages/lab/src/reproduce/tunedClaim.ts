import {
  type Analysis,
  type Claim,
  defineClaim,
  type Scale,
  type Source,
  type Table,
  type Verdict,
} from "./claim.ts";
import {
  curvesPanel,
  differencesPanel,
  finalsTable,
  lossDifference,
  profilePanel,
  settingsText,
} from "./compareFinals.ts";
import type { Panel } from "./figureParts.ts";
import { type Protocol, protocolOutcomes, protocolParts, type TunedOutcome } from "./protocol.ts";
import { short, verdictOf } from "./statistics.ts";
import { type Trained, trained } from "./trained.ts";

/** What the tuned methods come to, by label. Throws for a label that there is none of. */
export type ByLabel = (label: string) => TunedOutcome;

/** What a claim about tuned methods makes of them. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly headline: string;
  readonly tables?: readonly Table[];
  readonly panels?: readonly Panel[];
  readonly remarks?: readonly string[];
}

/** A claim about which of several methods ends lower when each is tuned under the protocol. */
export interface TunedClaim {
  readonly name: string;
  readonly title: string;
  readonly source: Source;
  readonly statement: string;
  setup(scale: Scale): string;
  protocol(scale: Scale): Protocol;
  judge(by: ByLabel, outcomes: readonly TunedOutcome[], scale: Scale): Judgement;
  /** What is to be seen in the figure. */
  readonly label: string;
  /** The method that the others are set against. */
  readonly reference: string;
  /** `own`: the panels that `judge` adds and no others, where methods are too many for lines. */
  readonly plots?: "own";
  readonly remarks: readonly string[];
}

/** Losses by learning rate, over steps, and differences to one method, with what `judge` adds. */
export const tunedClaim = (spec: TunedClaim): Claim =>
  defineClaim<Trained>({
    name: spec.name,
    title: spec.title,
    source: spec.source,
    statement: spec.statement,
    setup: (scale) => spec.setup(scale),
    result: trained,
    parts: (scale, done) => protocolParts(spec.protocol(scale), done),
    analyse(scale, done): Analysis {
      const outcomes = protocolOutcomes(spec.protocol(scale), done);
      const by: ByLabel = (label) => {
        const found = outcomes.find((one) => one.label === label);
        if (found === undefined) throw new Error(`internal: ${spec.name} has no ${label}`);
        return found;
      };
      const { verdict, headline, tables = [], panels = [], remarks = [] } = spec.judge(by, outcomes, scale);
      return {
        verdict,
        headline,
        tables: spec.plots === "own" ? tables : [finalsTable(outcomes), ...tables],
        figure: {
          label: spec.label,
          panels: [...(spec.plots === "own" ? [] : panelsOf(outcomes, by(spec.reference))), ...panels],
        },
        remarks: [...remarks, ...spec.remarks],
      };
    },
  });

const panelsOf = (outcomes: readonly TunedOutcome[], reference: TunedOutcome): Panel[] => [
  profilePanel(outcomes, "learningRate", "best loss by learning rate, one seed"),
  curvesPanel(outcomes),
  differencesPanel(outcomes, reference),
];

/** Whether a ends at most `allowed` nats above b: the whole 95 % interval of the difference. */
export function notAbove(a: TunedOutcome, b: TunedOutcome, allowed: number): Verdict {
  const test = lossDifference(a, b);
  return verdictOf(test, "below", allowed, test?.pairs ?? 0);
}

/** Row minus column for all pairs, on fresh seeds. */
export const pairsTable = (outcomes: readonly TunedOutcome[]): Table => ({
  caption: "All pairs on fresh seeds: the row's loss minus the column's, with its 95 % interval.",
  head: ["", ...outcomes.map(({ label }) => label)],
  rows: outcomes.map((one) => [
    one.label,
    ...outcomes.map((other) => {
      const test = one === other ? undefined : lossDifference(one, other);
      return test === undefined ? "" : `${short(test.mean)} (${short(test.low)} to ${short(test.high)})`;
    }),
  ]),
});

/** The best settings of a method, for a sentence. */
export const bestSettings = ({ settings }: TunedOutcome): string =>
  settings === null ? "none that converged" : settingsText(settings);

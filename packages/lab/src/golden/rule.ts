/** The reason why a file cannot be replayed. */
export class NotReplayed extends Error {
  override readonly name = "NotReplayed";
}

type Entry = readonly [string, unknown];

/** Our options for one of the file's; an empty list for what changes nothing here. */
export type Rule = (value: unknown) => readonly Entry[];

/** The rules of an optimizer by the file's option names. */
export type Rules = Readonly<Record<string, Rule>>;

export const as =
  (name: string): Rule =>
  (value) => [[name, value]];

export const nothing: Rule = () => [];

/** What most files share. */
export const plain: Rules = {
  lr: as("learningRate"),
  beta1: as("b1"),
  beta2: as("b2"),
  eps: as("eps"),
  weightDecay: as("weightDecay"),
  momentum: as("momentum"),
  nesterov: as("nesterov"),
};

/** A running sum (`sgd`) or average (`ema`) of gradients. */
export const momentumForm: Rule = (value) => [["momentumForm", value === "sgd" ? "sum" : value]];

/** An option that can only be replayed with one value. */
export const only =
  (what: string, allowed: unknown): Rule =>
  (value) => {
    if (value === allowed) return [];
    throw new NotReplayed(`${what} ${JSON.stringify(value)} is a variant that is not built`);
  };

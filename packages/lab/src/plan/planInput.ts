import { testTimes, tokenOrders } from "@steepest/models";
import { didYouMean, settingSynonyms } from "steepest";
import * as v from "valibot";
import { engineNames, type Json, type RunPlan, rateOriginNames, scheduleNames } from "./runPlan.ts";
import { UsageError } from "./usageError.ts";

/** A plan with parts left out, as in a config file or on a command line. */
export type PlanInput = { readonly [K in keyof RunPlan]?: RunPlan[K] | undefined } & {
  /** The size of a step in tokens, instead of `batch`; a multiple of the tokens of a sequence. */
  readonly batchTokens?: number | undefined;
};

const whole = (least: number, name: string, most = Number.MAX_SAFE_INTEGER) => {
  const sentence = `${name} must be a whole number ≥ ${least}`;
  return v.pipe(
    v.number(sentence),
    v.check((n) => Number.isSafeInteger(n) && n >= least, sentence),
    v.check((n) => n <= most, `${name} must be a whole number ≤ ${most}`),
  );
};
const text = (name: string) =>
  v.pipe(v.string(`${name} must be a text`), v.minLength(1, `${name} must not be empty`));
const oneOf = <const T extends readonly string[]>(name: string, names: T) =>
  v.picklist(names, `${name} must be one of ${names.join(", ")}`);

/** A value that survives JSON. */
export const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);
const options = (name: string) => v.record(v.string(), json, `${name} must be an object of names and values`);

const entries = {
  optimizer: text("optimizer"),
  optimizerOptions: options("optimizerOptions"),
  rateOrigins: v.record(v.string(), oneOf("rateOrigins", rateOriginNames)),
  model: text("model"),
  modelOptions: options("modelOptions"),
  weights: text("weights"),
  data: text("data"),
  tokenizer: text("tokenizer"),
  textColumn: text("textColumn"),
  order: oneOf("order", tokenOrders),
  imageSize: whole(1, "imageSize"),
  augment: text("augment"),
  steps: whole(1, "steps", 100_000_000),
  batch: whole(1, "batch"),
  batchTokens: whole(1, "batchTokens"),
  accumulate: whole(1, "accumulate"),
  context: whole(1, "context"),
  seed: whole(0, "seed"),
  schedule: oneOf("schedule", scheduleNames),
  warmup: whole(0, "warmup"),
  clip: v.pipe(
    v.number("clip must be a number > 0"),
    v.check((n) => n > 0 && Number.isFinite(n), "clip must be a number > 0"),
  ),
  outerEvery: whole(1, "outerEvery"),
  outerLearningRate: v.pipe(
    v.number("outerLearningRate must be a number > 0"),
    v.check((n) => n > 0 && Number.isFinite(n), "outerLearningRate must be a number > 0"),
  ),
  outerMomentum: v.pipe(
    v.number("outerMomentum must be a number ≥ 0 and < 1"),
    v.check((n) => n >= 0 && n < 1, "outerMomentum must be a number ≥ 0 and < 1"),
  ),
  evalEvery: whole(1, "evalEvery"),
  evalBatches: whole(1, "evalBatches"),
  testTime: oneOf("testTime", testTimes),
  statisticsBatches: whole(1, "statisticsBatches"),
  watch: text("watch"),
  watchEvery: whole(1, "watchEvery"),
  checkpointEvery: whole(0, "checkpointEvery"),
  keepCheckpoints: whole(1, "keepCheckpoints"),
  sampleTokens: whole(0, "sampleTokens", 1_000_000),
  sampleEvery: whole(0, "sampleEvery"),
  engine: oneOf("engine", engineNames),
  threads: whole(1, "threads"),
} satisfies Record<keyof PlanInput, v.GenericSchema>;

/** Every setting of a plan, in the order they are shown. */
export const settingNames = Object.keys(entries) as readonly (keyof PlanInput)[];

const schema = v.partial(v.object(entries));

/**
 * The settings in `input`, checked one by one; what does not depend on the rest of the plan is certain
 * afterwards. `where` begins the message, `as` turns a setting's name into what the user wrote.
 * Throws `UsageError` for an unknown setting (with the nearest one) or a value that it cannot have.
 */
export function parsePlanInput(
  input: unknown,
  where: string,
  as: (name: string) => string = (name) => name,
): PlanInput {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new UsageError(
      `${where} must hold an object of settings, for example {"optimizer": "muon", "steps": 200}`,
    );
  }
  const unknown = Object.keys(input).find((name) => !Object.hasOwn(entries, name));
  if (unknown !== undefined) {
    throw new UsageError(
      `${where} has an unknown setting "${unknown}"${didYouMean(unknown, settingNames, settingSynonyms)}; ` +
        `settings are ${settingNames.join(", ")}`,
    );
  }
  const parsed = parse(input, where);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const name = String(issue.path?.[0]?.key ?? "");
  const sentence = issue.message.startsWith(name) ? issue.message.slice(name.length) : `: ${issue.message}`;
  const found = (input as Record<string, unknown>)[name];
  throw new UsageError(
    `${where === "" ? "" : `${where}: `}${as(name)}${sentence}, got ${show(found)}${near(found, sentence)}`,
  );
}

/** A stack that overflows says that something is nested more deeply than any setting. */
function parse(input: object, where: string) {
  try {
    return v.safeParse(schema, input);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${where} is nested too deeply for settings`, { cause: error });
  }
}

const show = (found: unknown): string => JSON.stringify(found) ?? String(found);

/** For a name out of a list: the nearest one. */
function near(found: unknown, sentence: string): string {
  const list = /must be one of (.*)$/.exec(sentence)?.[1];
  return list === undefined || typeof found !== "string" ? "" : didYouMean(found, list.split(", "));
}

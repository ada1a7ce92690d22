import { Command } from "commander";

import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { printable } from "../text/printable.ts";
import { withThreads } from "./withThreads.ts";

const examples = `
Examples:
  steepest generate runs/book --prompt "The whale"
  steepest generate runs/book --prompt "The whale" --tokens 500 --temperature 0.7 --top-p 0.95 --stream
  steepest generate downloads/gpt2 --prompt "Once upon a time" --seed 1     a folder of Hugging Face

The model goes on with the prompt. Text longer than its context is read through a window of its last tokens.`;

interface GenerateFlags {
  readonly prompt?: string;
  readonly tokens?: string;
  readonly temperature?: string;
  readonly topK?: string;
  readonly topP?: string;
  readonly seed?: string;
  readonly step?: string;
  readonly stream?: boolean;
  readonly json?: boolean;
}

/** `steepest generate`: a trained language model goes on with a text. */
export const generateCommand = (io: CommandIo): Command =>
  new Command("generate")
    .argument("[FOLDER]", "a run folder, or one of Hugging Face with tokenizer.json")
    .option("--prompt <TEXT>", "what the text begins with")
    .option("--tokens <N>", "tokens to add (default 200)")
    .option("--temperature <T>", "≥ 0; below 1 surer, 0 always the likeliest token (default 0.8)")
    .option("--top-k <K>", "among the K likeliest tokens only")
    .option("--top-p <P>", "among the fewest likeliest tokens that together have this probability, (0, 1]")
    .option("--seed <N>", "same seed, same text (default 0)")
    .option("--step <N>", "of the run's checkpoint (default the latest)")
    .option("--stream", "write the text as it grows")
    .option("--json", "last line of stdout: source, prompt and text as JSON")
    .addHelpText("after", examples)
    .action(async (folder: string | undefined, flags: GenerateFlags) => {
      if (folder === undefined) {
        throw new UsageError("generate needs a trained model: steepest generate RUN_DIR --prompt TEXT");
      }
      const { prompt = "" } = flags;
      if (prompt === "") throw new UsageError('generate needs something to go on from: --prompt "Call me"');
      const options = {
        prompt,
        tokens: numberFlag("--tokens", flags.tokens, { least: 1, whole: true }) ?? 200,
        temperature: numberFlag("--temperature", flags.temperature, { least: 0 }) ?? 0.8,
        topK: numberFlag("--top-k", flags.topK, { least: 1, whole: true }),
        topP: numberFlag("--top-p", flags.topP, { above: 0, most: 1 }),
        seed: numberFlag("--seed", flags.seed, { least: 0, whole: true }) ?? 0,
      };
      const step = numberFlag("--step", flags.step, { least: 0, whole: true });
      const { readTrainedModel } = await withThreads(() => import("../trained/trainedModel.ts"));
      const { writeText } = await import("../trained/writeText.ts");
      const model = await readTrainedModel(folder, step);
      const streams = flags.stream === true && flags.json !== true;
      // What a model writes may hold anything; a file or another program gets it as it is.
      const shown = (text: string): string => (process.stdout.isTTY ? printable(text) : text);
      const onText = streams ? (text: string): unknown => process.stdout.write(shown(text)) : undefined;
      const text = await writeText(model, { ...options, onText });
      if (flags.json === true) io.out(JSON.stringify({ source: model.source, prompt, text }));
      else io.out(streams ? "" : shown(prompt + text));
    });

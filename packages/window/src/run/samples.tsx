import type { JSX } from "preact";

import { query, setQuery } from "../address/address.ts";
import type { RunDetails } from "../data/runEntry.ts";
import { Slider } from "../shell/slider.tsx";

interface Text {
  /** None: after the last step. */
  readonly step: number | undefined;
  readonly text: string;
}

/** What a run wrote, on the way and at its end; the address says which is shown, the last unless told otherwise. */
export function Samples({ details }: { readonly details: RunDetails }): JSX.Element | null {
  const texts = textsOf(details);
  const every = everyOf(details.config);
  if (texts.length === 0 && every === undefined) return null;
  const wanted = texts.findIndex(({ step }) => String(step) === query.value.get("text"));
  const at = wanted < 0 ? texts.length - 1 : wanted;
  const shown = texts[at];
  const when =
    shown === undefined ? "" : shown.step === undefined ? "after training" : `after step ${shown.step}`;
  return (
    <section class="samples">
      <h2>What it wrote {when}</h2>
      {(texts.length > 1 || every !== undefined) && (
        <Slider
          label="text"
          value={Math.max(0, at)}
          low={0}
          high={Math.max(0, texts.length - 1)}
          step={1}
          shown={when}
          onValue={(index) => setQuery({ text: texts[index]?.step?.toString() })}
        />
      )}
      <pre class="sample">{shown?.text ?? `Nothing yet: it writes at every ${every} steps.`}</pre>
    </section>
  );
}

/** Steps between its texts, where it writes on the way: all has its place before the first is there. */
function everyOf(config: unknown): number | undefined {
  if (typeof config !== "object" || config === null || !("plan" in config)) return undefined;
  const { plan } = config;
  if (typeof plan !== "object" || plan === null || !("sampleEvery" in plan)) return undefined;
  return typeof plan.sampleEvery === "number" && plan.sampleEvery > 0 ? plan.sampleEvery : undefined;
}

/** Files are of strangers: what is no text of a step is left out. */
function textsOf({ sample, samples }: RunDetails): Text[] {
  const onTheWay = samples.flatMap((line): Text[] =>
    "step" in line && "text" in line && typeof line.step === "number" && typeof line.text === "string"
      ? [{ step: line.step, text: line.text }]
      : [],
  );
  return typeof sample === "string" ? [...onTheWay, { step: undefined, text: sample }] : onTheWay;
}

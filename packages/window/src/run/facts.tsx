import type { JSX } from "preact";

import type { RunEntry } from "../data/runEntry.ts";
import { bytes, loss, plain, share, short, when } from "../format/quantities.ts";

/** What a run came to and what it cost. Places are kept before the answer is there. */
export function Facts({ entry }: { readonly entry: RunEntry | undefined }): JSX.Element {
  const unit = entry?.unit ?? "tokens";
  const facts: readonly (readonly [string, string])[] = [
    ["validation loss", loss(entry?.valLoss)],
    ["training loss", loss(entry?.trainLoss)],
    ...(entry?.valAccuracy == null ? [] : [["validation accuracy", share(entry.valAccuracy)] as const]),
    ["optimizer", entry?.optimizer ?? "–"],
    ["model", entry === undefined ? "–" : `${entry.model}, ${short(entry.parameters)} parameters`],
    ["steps", short(entry?.steps)],
    ["ms a step", plain(entry?.msPerStep)],
    [`${unit} a second`, short(entry?.tokensPerSecond)],
    ["optimizer state", `${short(entry?.stateFloats)} floats`],
    ["most memory", bytes(entry?.peakRssBytes)],
    ["processor", entry?.cpu ?? "–"],
    ["begun", when(entry?.created ?? null)],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { textSection } from "../src/report/texts/textSection.ts";
import type { TextAt } from "../src/report/texts/textsOfRun.ts";
import { readSamples } from "../src/run/samplesLog.ts";
import { cli, microFlags, temporaryFolder } from "./support/microRun.ts";

const textsOf = (page: string): string[] =>
  [...page.matchAll(/<summary>(After [^<]*)<\/summary><pre>/g)].map(([, when = ""]) => when);

test("the report of a run has its texts by step, rebuilt without what is gone", async () => {
  const folder = temporaryFolder();
  const run = join(folder, "run");
  const flags = microFlags(folder).join(" ").replace("--sample-tokens 0", "--sample-tokens 6").split(" ");
  const made = await cli("train", ...flags, "--steps", "6", "--sample-every", "2", "--out", run);
  expect(made.code).toBe(0);
  const page = (): string => readFileSync(join(run, "report.html"), "utf8");
  expect(textsOf(page())).toEqual(["After step 2", "After step 4", "After training"]);
  for (const { text } of readSamples(run)) expect(page()).toContain(`<pre>${text}</pre>`);
  expect(page()).toContain(`<pre>${readFileSync(join(run, "sample.txt"), "utf8")}</pre>`);
  rmSync(join(run, "summary.json")); // as of a run that goes on: sample.txt is of an earlier end
  await cli("report", run);
  expect(textsOf(page())).toEqual(["After step 2", "After step 4"]);
  rmSync(join(run, "samples.jsonl"));
  await cli("report", run);
  expect(page()).not.toContain("What it wrote");
  expect(page()).not.toContain(".texts");
});

test("texts and labels are never markup; the first run of a label that wrote speaks for it", () => {
  const bad = `</pre><img src=x onerror=alert(1)>`;
  const at = (text: string): TextAt[] => [{ step: 1, text }];
  const { text = "" } =
    textSection([
      { label: "sgd", texts: [] },
      { label: "muon", texts: [] },
      { label: "muon", texts: at(bad) },
      { label: "muon", texts: at("a later seed") },
      { label: bad, texts: at("fine") },
    ]) ?? {};
  expect(text).not.toContain("<img");
  expect(text).toContain("&lt;/pre&gt;&lt;img src=x onerror=alert(1)&gt;");
  expect(text).not.toContain("a later seed");
  expect([...text.matchAll(/<article class="(s\d)">/g)].map(([, name]) => name)).toEqual(["s1", "s2"]); // colours of the chart
  expect(textSection([{ label: "sgd", texts: [] }])).toBeUndefined();
});

test("of many texts twelve are shown, evenly, the last among them and open", () => {
  const texts = Array.from({ length: 1000 }, (_, i): TextAt => ({ step: i + 1, text: "x" }));
  const page = textSection([{ label: "sgd", texts }])?.text ?? "";
  const shown = textsOf(page);
  expect(shown).toHaveLength(12);
  expect([shown[0], shown[11]]).toEqual(["After step 83", "After step 1,000"]);
  expect(page.match(/<details open>/g)).toHaveLength(1);
  expect(page).toMatch(/<details open><summary>After step 1,000/);
});

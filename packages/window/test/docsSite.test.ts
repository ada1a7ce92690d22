import { describe, expect, test } from "vitest";
import { catalog } from "../../steepest/src/catalog.ts";
import { renderSite, siteFiles } from "../site/buildSite.ts";
import { formulaTex } from "../site/formulaTex.ts";
import { headingNames } from "../site/headingNames.ts";
import { writtenSources } from "../site/siteSource.ts";

const page = (markdown: string, path = "docs/page.md") => ({ path, address: "page.html", markdown });

describe("formulas as TeX", () => {
  test.each([
    ["M ← b1·M + (1−b1)G", "M \\leftarrow  b_{1}\\cdot M + (1-b_{1})G"],
    ["A = GGᵀ", "A = G G^{\\top }"],
    ["X/√(V + 1)", "X/\\sqrt{V + 1}"],
    ["Ŵ = W/‖W‖ₖ", "\\hat{W} = W/\\Vert W\\Vert _{k}"],
    ["C^(−1/2)", "C^{-1/2}"],
    ["O = NewtonSchulz(U)", "O = \\operatorname{NewtonSchulz}(U)"],
    ["min{1, S}", "\\operatorname{min}\\{1,\\ S\\}"],
    ["every K steps", "\\text{every}\\ K\\ \\text{steps}"],
  ])("%s", (line, tex) => {
    expect(formulaTex(line)).toBe(tex);
  });

  test("all written pages can be made, and the formulas of all optimizers typeset", () => {
    const { pages } = renderSite(writtenSources());
    for (const name of Object.keys(catalog))
      expect(pages.find(({ source }) => source.address === `optimizers/${name}.html`)?.html).toContain(
        "<math",
      );
  });
});

describe("pages", () => {
  test("a link, an anchor and an image that lead nowhere fail the build", () => {
    const text = "# Page\n\n[a](none.md) [b](#none) ![c](none.png)\n";
    expect(() => renderSite([page(text)])).toThrow(
      /docs\/page\.md: none\.md\ndocs\/page\.md: image none\.png\ndocs\/page\.md: page\.html has no #none/,
    );
  });

  test("links of the repository become links of the site, those to other files lead to the repository", () => {
    const other = {
      path: "docs/sub/README.md",
      address: "sub/index.html",
      markdown: "# Other\n\n## A part\n",
    };
    const text = "# Page\n\n[a](sub/README.md#a-part) [b](../packages/window/package.json) [c](sub/)\n";
    const html = renderSite([page(text), other]).pages[0]?.html ?? "";
    expect(html).toContain('href="sub/index.html#a-part"');
    expect(html).toMatch(
      /href="https:\/\/github\.com\/[\w-]+\/steepest\/blob\/main\/packages\/window\/package\.json"/,
    );
    expect(html).toContain('href="sub/index.html">c');
  });

  test("HTML and blocks of code in no known language are refused", () => {
    expect(() => renderSite([page("# Page\n\n<b onclick='x()'>no</b>\n")])).toThrow(
      "HTML is not for the site",
    );
    expect(() => renderSite([page("# Page\n\n```\nno\n```\n")])).toThrow("expected a language of ts");
    expect(() => renderSite([page("no title\n")])).toThrow("does not begin with its title");
  });

  test("text of a page is never markup", () => {
    const text = '# A `<script>` & more\n\n```ts\nconst a = "<img onerror=x>";\n```\n';
    const files = siteFiles(renderSite([page(text)]), "<title>[[title]]</title>[[page]]");
    const html = String(files.get("page.html"));
    expect(html).not.toMatch(/<(script|img)/);
    expect(html).toContain("<title>A &lt;script&gt; &amp; more · Steepest</title>");
  });

  test("headings are named as GitHub names them", () => {
    const nameOf = headingNames();
    expect(["A norm: `lmo(G)`", "Step, step", "Step, step"].map(nameOf)).toEqual([
      "a-norm-lmog",
      "step-step",
      "step-step-1",
    ]);
  });

  test("what search reads is the text of every section", () => {
    const files = siteFiles(
      renderSite([page("# Page\n\nOne *word*.\n\n## Part\n\n| a | b |\n| - | - |\n| c | d |\n")]),
      "",
    );
    expect(JSON.parse(String(files.get("search.json")))).toEqual([
      ["page.html", "Page", "Page", "One word."],
      ["page.html#part", "Page", "Part", "a b c d"],
    ]);
  });

  test("all written pages are there, from the README to the claims", () => {
    const addresses = writtenSources().map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const name of Object.keys(catalog)) expect(addresses).toContain(`optimizers/${name}.html`);
    expect(addresses).toEqual(
      expect.arrayContaining(["index.html", "packages/lab.html", "results/claims/index.html"]),
    );
  });
});

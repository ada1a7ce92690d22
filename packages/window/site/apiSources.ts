import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";

import { headingNames } from "./headingNames.ts";
import { repository, type SiteSource } from "./siteSource.ts";

/** What can be imported, and the file that it is. */
const modules: readonly (readonly [name: string, file: string])[] = [
  ["steepest", "steepest/src"],
  ...["define", "fisher", "manifolds", "matrix", "monitors", "norms", "optimizers"].map(steepest),
  ["steepest/schedules", "steepest/src/core/schedules"],
  ...["steps", "testing", "theory", "transforms", "web"].map(steepest),
  ["steepest/node", "steepest/src/node"],
  ["@steepest/models", "models/src"],
  ["@steepest/models/node", "models/src/node"],
  ["@steepest/kernels", "kernels/src"],
  ["@steepest/onnx", "onnx/src"],
  ["@steepest/lab", "lab/src"],
];

function steepest(room: string): readonly [string, string] {
  return [`steepest/${room}`, `steepest/src/${room}`];
}

const cache = `${repository}node_modules/.cache/api`;

/** A page for every module, from its types and docs by TypeDoc (some seconds), and their list. Kept until a source changes. */
export async function apiSources(): Promise<SiteSource[]> {
  const folder = `${cache}/${stateOfSources()}`;
  if (!existsSync(folder)) await writeApi(folder);
  const pages = modules.map(([name, file]) => ({
    path: `api/${file}.md`,
    address: `api/${name.replace("@steepest/", "")}.html`,
    markdown: `# ${name}\n\nWhat \`import … from "${name}"\` offers.\n\n${read(folder, file)}`,
  }));
  const list = modules.map(([name, file]) => `- [\`${name}\`](${file}.md)`).join("\n");
  const about =
    "What each module exports, from its types and their docs. Pages of optimizers, with formula and options in one place, " +
    "are [beside](../docs/optimizers/README.md).";
  return [
    { path: "api/README.md", address: "api/index.html", markdown: `# API\n\n${about}\n\n${list}\n` },
    ...pages,
  ];
}

/** A page as TypeDoc wrote it, without rules between entries; links to a second heading of a name that has one lead to the first. */
function read(folder: string, file: string): string {
  const text = readFileSync(`${folder}/${file}.md`, "utf8").replaceAll(/^\*\*\*$\n/gm, "");
  const nameOf = headingNames();
  const names = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => nameOf(heading)));
  return text.replaceAll(/\(#([\w-]+)-\d+\)/g, (link, name: string) =>
    names.has(link.slice(2, -1)) || !names.has(name) ? link : `(#${name})`,
  );
}

async function writeApi(folder: string): Promise<void> {
  const { Application } = await import("typedoc");
  const beside = `${folder}.${process.pid}.tmp`;
  const options = {
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: modules.map(([, file]) => entryFile(file)),
    basePath: `${repository}packages`,
    tsconfig: `${repository}tsconfig.json`,
    skipErrorChecking: true, // `npm run types` does it
    readme: "none",
    disableGit: true,
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    logLevel: "Error" as const,
    // of typedoc-plugin-markdown
    router: "module",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hidePageTitle: true,
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeDeclarationFormat: "table",
    outputs: [{ name: "markdown", path: beside }],
  };
  const app = await Application.bootstrapWithPlugins(options);
  const project = await app.convert();
  if (project === undefined) throw new Error("TypeDoc could not read the sources of the packages");
  try {
    await app.generateOutputs(project);
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process was faster
  }
  for (const old of readdirSync(cache))
    if (!folder.endsWith(old) && !old.endsWith(".tmp")) rmSync(`${cache}/${old}`, { recursive: true });
}

function entryFile(file: string): string {
  const path = `${repository}packages/${file}`;
  return existsSync(`${path}.ts`) ? `${path}.ts` : `${path}/index.ts`;
}

function stateOfSources(): string {
  const hash = createHash("sha256");
  for (const name of ["steepest", "models", "kernels", "onnx", "lab"]) {
    const folder = `${repository}packages/${name}/src`;
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort())
      if (file.endsWith(".ts")) hash.update(`${name}/${file}\n`).update(readFileSync(`${folder}/${file}`));
  }
  return hash
    .update(readFileSync(new URL(import.meta.url)))
    .digest("hex")
    .slice(0, 16);
}

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";

import { bin } from "./support/microRun.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const node = (...argv: string[]) => spawnSync(process.execPath, argv, { encoding: "utf8" });

/** A module that makes loading jax-js an error. */
const withoutJax = `data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  const hooks = \`export function resolve(name, context, next) {
    if (name === "@jax-js/jax") throw new Error("jax-js is loaded");
    return next(name, context);
  }\`;
  register("data:text/javascript," + encodeURIComponent(hooks));
`)}`;

test.each(["", "compare", "sweep", "worker", "optimizers", "export", "bench", "replay"])(
  "steepest %s --help loads no jax-js",
  (verb) => {
    const words = verb === "" ? [] : [verb];
    const { status, stdout, stderr } = node("--import", withoutJax, bin, ...words, "--help");
    expect(stderr).toBe("");
    expect(stdout).toContain(`Usage: steepest ${verb}`.trimEnd());
    expect(status).toBe(0);
  },
);

test("what loads jax-js is noticed", () => {
  expect(node("--import", withoutJax, bin, "optimizers").stderr).toContain("jax-js is loaded");
});

test("several processes may compile the sources at once; one result is there, whole", async () => {
  const { compileSources } = await import(pathToFileURL(at("../bin/compileSources.js")).href);
  const cache = at(`../node_modules/.cache/steepest-test-${process.pid}`);
  mkdirSync(cache, { recursive: true });
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  await Promise.all([1, 2].map(() => compileSources(at("../../../"), `${cache}/one`)));
  expect(readdirSync(cache)).toEqual(["one"]);
  expect(existsSync(`${cache}/one/start.js`)).toBe(true);
  expect(node(`${cache}/one/start.js`, "--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  // A chunk that only some command loads must find what it imports, too.
  const packages = new Set(
    readdirSync(`${cache}/one`)
      .filter((name) => name.endsWith(".js"))
      .flatMap((name) => [
        ...readFileSync(`${cache}/one/${name}`, "utf8").matchAll(
          /^import\b[^"']*["']([^."'][^"']*)["'];?$/gm,
        ),
      ])
      .map(([, path = ""]) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path),
  );
  expect(packages.has("@jax-js/jax")).toBe(true);
  const listed = ["lab", "models", "onnx", "steepest"].flatMap((folder) => {
    const { dependencies = {}, peerDependencies = {} } = JSON.parse(
      readFileSync(at(`../../${folder}/package.json`), "utf8"),
    );
    return [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  });
  const unknown = [...packages].filter((name) => !name.startsWith("node:") && !listed.includes(name));
  expect(unknown).toEqual([]);
});

test("where nothing can be kept, the sources run as they are", () => {
  const script = `
    const { startFile } = await import(${JSON.stringify(pathToFileURL(at("../bin/startFile.js")).href)});
    console.log(await startFile(${JSON.stringify(`${bin}/cache`)}));`;
  const { stdout } = node("--input-type=module", "-e", script);
  expect(stdout.trim()).toBe(pathToFileURL(at("../src/start.ts")).href);
});

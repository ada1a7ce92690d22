#!/usr/bin/env node
// The command lives in @steepest/lab, so that the library stays light. This finds the lab beside this package or in
// the project one stands in, and else has npm run it, once per version from npm's cache.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The folder of the lab as seen from a file, or undefined. */
function labFrom(file) {
  try {
    return dirname(createRequire(file).resolve("@steepest/lab/package.json"));
  } catch {
    return undefined;
  }
}

const lab = labFrom(import.meta.url) ?? labFrom(join(process.cwd(), "package.json"));
if (lab !== undefined) {
  await import(pathToFileURL(join(lab, "bin/steepest.js")).href);
} else {
  process.exitCode = runThroughNpm();
}

function runThroughNpm() {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const lab = `@steepest/lab@${version}`;
  const advice = `install it: npm install --save-dev --ignore-scripts ${lab}`;
  if (process.env.STEEPEST_FROM_NPM !== undefined) {
    console.error(`steepest: npm brought no ${lab}; ${advice}`);
    return 1;
  }
  console.error(`steepest: ${lab} is not installed here, npm runs it from its cache; to keep it, ${advice}`);
  // No dependency needs its install script, and one of them would ask a third server for files.
  const npm = [
    "exec",
    "--yes",
    "--ignore-scripts",
    `--package=${lab}`,
    "--",
    "steepest",
    ...process.argv.slice(2),
  ];
  // npx says where npm's own script is; without a shell, arguments need no quotes on any system.
  const script = process.env.npm_execpath ?? "";
  const [command, before] = script.endsWith("npm-cli.js") ? [process.execPath, [script]] : ["npm", []];
  const { status, error } = spawnSync(command, [...before, ...npm], {
    stdio: "inherit",
    env: { ...process.env, STEEPEST_FROM_NPM: "1" },
  });
  if (error === undefined) return status ?? 1;
  console.error(`steepest: npm could not be started (${error.message}); ${advice}`);
  return 1;
}

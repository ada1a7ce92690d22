/**
 * Writes what the catalogue says of every option into the built types, so that an editor shows it: run after tsdown in the
 * package `steepest`. An option's meaning is a string of its table, which types do not carry.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

interface Described {
  readonly doc: string;
  readonly range: string;
  readonly default: unknown;
}
interface Built {
  readonly definition: { readonly options: Readonly<Record<string, Described>> };
}

const dist = resolve("dist");
const optimizers = (await import(pathToFileURL(join(dist, "optimizers/index.js")).href)) as Record<
  string,
  Partial<Built>
>;

/** `Learning rate η. Values: ≥ 0, or a schedule. Default 0.001.` */
function sentence({ doc, range, default: initial }: Described): string {
  const shown = JSON.stringify(initial);
  const meaning = doc.replace(/^[a-z]/, (letter) => letter.toUpperCase());
  const parts = [`${meaning}.`, `Values: ${range}.`];
  if (shown !== undefined) parts.push(`Default ${shown}.`);
  return parts.join(" ").replaceAll("*/", "*\\/").replaceAll("@", "\\@");
}

let written = 0;
const missing: string[] = [];

/** The declaration of one optimizer with a comment before each option, on its line: source maps count lines. */
function documented(name: string, declaration: string): string {
  const options = optimizers[name]?.definition?.options ?? {};
  const left = new Set(Object.keys(options));
  const text = declaration.replace(/^( {2})((?:readonly )?(\w+): )/gm, (line, indent, start, option) => {
    const described = options[option];
    if (described === undefined) return line;
    left.delete(option);
    written++;
    return `${indent}/** ${sentence(described)} */ ${start}`;
  });
  missing.push(...[...left].map((option) => `${name}.${option}`));
  return text;
}

for (const file of readdirSync(join(dist, "optimizers"), { recursive: true, encoding: "utf8" })) {
  if (!file.endsWith(".d.ts")) continue;
  const path = join(dist, "optimizers", file);
  const text = readFileSync(path, "utf8");
  const changed = text.replace(
    /^declare const (\w+): NamedOptimizer<[\s\S]*?^\}, "\w+">;$/gm,
    (declaration, name) => documented(name, declaration),
  );
  if (changed !== text) writeFileSync(path, changed);
}
if (missing.length > 0 || written === 0)
  throw new Error(`no place in the types for the options ${missing.join(", ")} (${written} written)`);
console.log(`${written} options described in dist/optimizers`);

import { describeEnvironment, type Environment } from "./environment.ts";

/** What computed a run and is of another version now, in words: `node 20.1.0, now 22.0.0`. */
export function otherVersions({ node, packages }: Pick<Environment, "node" | "packages">): string[] {
  const now = describeEnvironment();
  const before = { node, ...packages };
  const today: Readonly<Record<string, string>> = { node: now.node, ...now.packages };
  return Object.entries(before).flatMap(([name, version]) =>
    today[name] === undefined || today[name] === version ? [] : `${name} ${version}, now ${today[name]}`,
  );
}

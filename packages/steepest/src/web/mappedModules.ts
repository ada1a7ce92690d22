import { type ImportMap, resolveImport } from "./importMap.ts";

/** Where a module names another: `from "x"`, `import "x"`, `import("x")`. */
const IMPORT =
  /(?<before>(?:^|[;}\n])\s*(?:import|export)\b[^"'`;]*?\bfrom\s*|(?:^|[;}\n])\s*import\s*|\bimport\s*\(\s*)(?<quote>["'])(?<name>[^"'\n]+)\k<quote>/g;

interface ReadModule {
  readonly url: string;
  readonly text: string;
  /** Addresses by the name that stands in the text. */
  readonly imports: ReadonlyMap<string, string>;
  /** It names a module by the map. */
  readonly mapped: boolean;
}

/**
 * The address of a module in which names of an import map are replaced by addresses, in whatever it imports, too: a `blob:` of this
 * page, or `url` itself where nothing is to be replaced. Each module that is replaced exists once.
 *
 * @throws {Error} naming a module that cannot be loaded, a bare name that the map lacks, or modules that import one another in a circle.
 */
export async function mappedModule(url: string, map: ImportMap): Promise<string> {
  const modules = new Map<string, Promise<ReadModule>>();
  const read = (address: string): Promise<ReadModule> => {
    const known = modules.get(address) ?? readModule(address, map);
    modules.set(address, known);
    return known;
  };
  const seen = new Set<string>();
  const readAll = async (address: string): Promise<void> => {
    if (seen.has(address)) return;
    seen.add(address);
    const { imports } = await read(address);
    await Promise.all([...new Set(imports.values())].map(readAll));
  };
  await readAll(url);
  const all = new Map(
    await Promise.all([...modules].map(async ([address, one]) => [address, await one] as const)),
  );
  const replaced = reaching(all);
  const blobs = new Map<string, string>();
  const addressOf = (address: string, way: readonly string[]): string => {
    const known = blobs.get(address);
    const module = all.get(address);
    if (known !== undefined || module === undefined || !replaced.has(address)) return known ?? address;
    if (way.includes(address))
      throw new Error(`modules import one another in a circle: ${[...way, address].join(" -> ")}`);
    const text = withAddresses(module, (to) => addressOf(to, [...way, address]));
    const blob = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    blobs.set(address, blob);
    return blob;
  };
  return addressOf(url, []);
}

async function readModule(url: string, map: ImportMap): Promise<ReadModule> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the module ${url} cannot be loaded: status ${response.status}`);
  const text = await response.text();
  const imports = new Map<string, string>();
  let mapped = false;
  for (const { groups: { name = "", before = "" } = {} } of text.matchAll(IMPORT)) {
    const to = resolveImport(name, url, map);
    const bare = !/^(\.{0,2}\/|[a-z]+:\/\/)/.test(name);
    if (to === undefined && before.includes("(")) continue; // it may never be asked for
    if (to === undefined)
      throw new Error(
        `${url} imports "${name}", which the import map does not have: add it to the map's imports`,
      );
    imports.set(name, to);
    mapped ||= bare;
  }
  return { url, text, imports, mapped };
}

/** The modules from which one leads to a name of the map. */
function reaching(all: ReadonlyMap<string, ReadModule>): Set<string> {
  const found = new Set([...all].filter(([, { mapped }]) => mapped).map(([url]) => url));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [url, { imports }] of all)
      if ([...imports.values()].some((to) => found.has(to))) found.add(url);
  }
  return found;
}

/** Its text with addresses in the place of names; `import.meta.url` stays the address that it came from. */
function withAddresses({ text, imports, url }: ReadModule, addressOf: (to: string) => string): string {
  const named = text.replaceAll(IMPORT, (whole, ...rest) => {
    const { before, name } = rest.at(-1) as { before: string; name: string };
    const to = imports.get(name);
    return to === undefined ? whole : `${before}${JSON.stringify(addressOf(to))}`;
  });
  return named.replaceAll(/\bimport\.meta\.url\b/g, JSON.stringify(url));
}

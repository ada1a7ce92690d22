import { type ImportMap, pageImportMap } from "./importMap.ts";
import { mappedModule } from "./mappedModules.ts";

export interface ModuleWorkerOptions {
  /** Names of modules by their addresses, which are relative to the page. Default the import map of the page. */
  readonly importMap?: ImportMap;
  /** The name that tools for developers show. Default none. */
  readonly name?: string;
}

/**
 * Starts a worker from a module that imports `steepest` and others by name, in a page without a bundler. Browsers do not apply a page's
 * import map to its workers: the modules are loaded once, names are replaced by addresses, and the worker starts from the result. With a
 * bundler, `new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })` is all it takes.
 *
 * What is replaced are static imports and `import("…")` of a fixed name, in modules as they are published; modules that know no names of
 * the map are left as they are. A content-security policy needs `worker-src blob:` and `script-src blob:`.
 *
 * @param url of the worker's module, relative to the page.
 * @throws {Error} (rejects) naming a module that cannot be loaded or a name that the map lacks.
 */
export async function moduleWorker(
  url: string | URL,
  { importMap = pageImportMap(), name }: ModuleWorkerOptions = {},
): Promise<Worker> {
  const absolute = (to: string): string => new URL(to, document.baseURI).href;
  const imports = Object.entries(importMap.imports).map(([key, to]) => [key, absolute(to)]);
  const address = await mappedModule(absolute(String(url)), { imports: Object.fromEntries(imports) });
  return new Worker(address, { type: "module", ...(name !== undefined && { name }) });
}

/** The part of an import map that is used: bare names, or beginnings of names that end in `/`, by the address of their module. */
export interface ImportMap {
  readonly imports: Readonly<Record<string, string>>;
}

/**
 * The import map of this page, its `<script type="importmap">`, with absolute addresses.
 *
 * @throws {Error} where the page has none.
 */
export function pageImportMap(): ImportMap {
  const script = document.querySelector('script[type="importmap"]');
  if (script === null)
    throw new Error(
      'this page has no <script type="importmap">: add one, or give moduleWorker an import map',
    );
  const { imports = {} } = JSON.parse(script.textContent ?? "") as Partial<ImportMap>;
  const absolute = Object.entries(imports).map(([name, to]) => [name, new URL(to, document.baseURI).href]);
  return { imports: Object.fromEntries(absolute) };
}

/** The address that a module at `from` means by `name`; undefined for a bare name that the map does not have. */
export function resolveImport(name: string, from: string, { imports }: ImportMap): string | undefined {
  if (/^(\.{0,2}\/|[a-z]+:\/\/)/.test(name)) return new URL(name, from).href;
  const exact = imports[name];
  if (exact !== undefined) return exact;
  const prefixes = Object.keys(imports).filter((prefix) => prefix.endsWith("/") && name.startsWith(prefix));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : `${imports[longest]}${name.slice(longest.length)}`;
}

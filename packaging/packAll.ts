import { join } from "node:path";

import { type PublishedPackage, packages, root } from "./packages.ts";
import { runCommand } from "./runCommand.ts";

interface PackedFile {
  readonly path: string;
}

/** A packed package: `npm pack` builds it first. */
export interface Tarball extends PublishedPackage {
  readonly file: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  readonly files: readonly string[];
}

/** Packs every package into `folder`. */
export function packAll(folder: string): Tarball[] {
  return packages.map((published) => {
    // The workspace turns off install scripts, and with them `prepack`.
    const args = ["pack", "--json", "--ignore-scripts=false", "--silent", "--pack-destination", folder];
    const printed = runCommand("npm", args, { cwd: join(root, published.folder) });
    const [packed] = JSON.parse(printed.slice(printed.lastIndexOf("\n[") + 1)) as [
      { filename: string; size: number; unpackedSize: number; files: PackedFile[] },
    ];
    return {
      ...published,
      file: join(folder, packed.filename.replace("@", "").replace("/", "-")),
      bytes: packed.size,
      unpackedBytes: packed.unpackedSize,
      files: packed.files.map(({ path }) => path),
    };
  });
}

/** Beginnings of files that are given in place of others. */
const beginnings: readonly [begins: string, what: string, remedy: string][] = [
  ["\x1f\x8b", "a gzip file", "unpack it (gunzip)"],
  ["\x28\xb5\x2f\xfd", "a Zstandard file", "unpack it (unzstd)"],
  ["BZh9", "a bzip2 file", "unpack it (bunzip2)"],
  ["\xfd7zXZ\0", "an xz file", "unpack it (unxz)"],
  ["PK\x03\x04", "a zip file (or a document made of one)", "unpack it, or save it as plain text"],
  ["%PDF-", "a PDF file", "extract its text (pdftotext)"],
  ["PAR1", "a Parquet file", "give it a name that ends in .parquet"],
  ["\xff\xfe", "text in UTF-16", "convert it (iconv -f UTF-16 -t UTF-8)"],
  ["\xfe\xff", "text in UTF-16", "convert it (iconv -f UTF-16 -t UTF-8)"],
  [
    "version https://git-lfs.github.com/spec/",
    "a git-lfs pointer, which stands for the file",
    "get the file itself (git lfs pull)",
  ],
];

/** What a file is that begins with these bytes and is no text, and what to do; nothing where it may be one. */
export function foreignFile(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  const [, what, remedy] = beginnings.find(([begins]) => start.startsWith(begins)) ?? [];
  return what === undefined ? undefined : `is ${what}: ${remedy}`;
}

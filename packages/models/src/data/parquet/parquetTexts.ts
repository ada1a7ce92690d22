import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { parquetHeader } from "hyparquet/src/column.js";
import { fileError } from "../../files/fileError.ts";
import { DataError } from "../dataError.ts";
import { checkThrift, ThriftError } from "./checkThrift.ts";
import { decompressor, mostPageBytes } from "./decompress.ts";
import { type ColumnChunk, damaged, openParquet, type TextColumn } from "./openParquet.ts";
import { plainStrings, valuesOfPage } from "./pageValues.ts";
import { PageError } from "./runLengths.ts";

/** A page header with long statistics; 64 KiB hold nearly all. */
const headerBytes = 2 ** 16;
const mostHeaderBytes = 2 ** 22;

/**
 * The texts of one column, row by row; nulls are left out. Only one page (about 1 MiB) and its dictionary are in memory
 * at a time.
 *
 * Footer and page headers are read with hyparquet, after `checkThrift`. Pages are taken apart here: hyparquet 1.31 reads a
 * whole column of a row group at once, and believes the counts in a page (a run of 2^30 values, six bytes, ends the
 * process).
 *
 * Throws `DataError` for damaged files and for encodings other than plain and dictionary.
 */
export async function* parquetTexts(path: string, column?: string): AsyncGenerator<string> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw fileError(error, path, "a Parquet file");
  }
  try {
    const text = await openParquet(file, path, column);
    for (const chunk of text.chunks) yield* chunkTexts(file, path, text, chunk);
  } catch (error) {
    if (error instanceof PageError || error instanceof ThriftError) throw damaged(path, error.message, error);
    if (error instanceof DataError && !error.message.startsWith(path)) {
      throw new DataError(error.problem, `${path}: ${error.message}`, { cause: error });
    }
    if (error instanceof TypeError || error instanceof RangeError) {
      // Headers may say a number of 64 bits, a list or nothing where the parser's types promise a number.
      throw damaged(path, "a header has a value of the wrong kind", error);
    }
    throw fileError(error, path, "a Parquet file");
  } finally {
    await file.close();
  }
}

async function* chunkTexts(
  file: FileHandle,
  path: string,
  { optional }: TextColumn,
  { start, bytes, values, codec }: ColumnChunk,
): AsyncGenerator<string> {
  const end = start + bytes;
  const decompress = await decompressor(codec, path);
  let dictionary: readonly string[] | undefined;
  let left = values;
  for (let position = start; left > 0; ) {
    const header = await readHeader(file, path, position, end);
    const { type, compressed_page_size: size, uncompressed_page_size: whole, crc } = header.page;
    position = header.end;
    if (!(size >= 0 && size <= mostPageBytes && position + size <= end)) {
      throw damaged(path, `a page of ${size} bytes at ${position} in a column that ends at ${end}`);
    }
    const body = await read(file, position, size);
    position += size;
    if (crc !== undefined && crc32(body) !== crc >>> 0) {
      throw damaged(path, `the checksum of the page before byte ${position} is wrong`);
    }
    if (type === "DICTIONARY_PAGE") {
      const count = header.page.dictionary_page_header?.num_values ?? -1;
      dictionary = [...plainStrings(decompress(body, whole), count)];
    } else if (type === "DATA_PAGE" || type === "DATA_PAGE_V2") {
      const page = valuesOfPage(header.page, body, decompress, optional, dictionary);
      if (page.count > left) throw damaged(path, `a page of ${page.count} values where ${left} are left`);
      left -= page.count;
      yield* page.texts();
    } else if (type !== "INDEX_PAGE") {
      throw damaged(path, `a page of unknown type before byte ${position}`);
    }
  }
}

async function readHeader(file: FileHandle, path: string, position: number, end: number) {
  for (let most = headerBytes; ; most *= 8) {
    const bytes = await read(file, position, Math.min(most, end - position));
    const length = checkThrift(bytes, 0);
    if (length === undefined && bytes.length === most && most < mostHeaderBytes) continue;
    if (length === undefined) throw damaged(path, `the page header at byte ${position} does not end`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
      return { page: parquetHeader({ view, offset: 0 }), end: position + length };
    } catch (error) {
      throw damaged(path, `the page header at byte ${position} cannot be read`, error);
    }
  }
}

/** All of `length` bytes. */
async function read(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, length));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
  if (bytesRead !== bytes.length) {
    throw new DataError("damaged", `the file ends at byte ${position + bytesRead}, too early: get it again`);
  }
  return bytes;
}

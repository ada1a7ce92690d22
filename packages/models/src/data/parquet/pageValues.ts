import type { PageHeader } from "hyparquet";
import { DataError } from "../dataError.ts";
import type { Decompress } from "./decompress.ts";
import { PageError, runLengths } from "./runLengths.ts";

/** Rows of one page: writers cut at 20,000 rows or 1 MiB. */
const mostValues = 2 ** 24;
/** Characters of one page: a dictionary lets a few bytes stand for a long text many times over. */
const mostCharacters = 2 ** 30;

export interface PageValues {
  /** Nulls included. */
  readonly count: number;
  /** The strings, nulls left out. */
  texts(): Generator<string>;
}

/**
 * The strings of a data page, version 1 or 2, of a column that is not nested. `decompress` undoes its compression.
 *
 * Throws `PageError` for damaged pages, `DataError` for encodings other than plain and dictionary.
 */
export function valuesOfPage(
  header: PageHeader,
  body: Uint8Array,
  decompress: Decompress,
  optional: boolean,
  dictionary: readonly string[] | undefined,
): PageValues {
  const about = header.data_page_header_v2 ?? header.data_page_header;
  const count = about?.num_values ?? -1;
  if (about === undefined || !(count >= 0 && count <= mostValues)) {
    throw new PageError(`a page says it has ${count} values`);
  }
  const { levels, values } =
    header.data_page_header_v2 === undefined
      ? splitPage1(header, body, decompress, optional)
      : splitPage2(header, body, decompress);
  const present = optional ? runLengths(levels, 1) : () => 1;
  const next = stringReader(values, about.encoding, dictionary);
  return {
    count,
    *texts() {
      let characters = 0;
      for (let i = 0; i < count; i++) {
        if (present() !== 1) continue;
        const text = next();
        characters += text.length;
        if (characters > mostCharacters)
          throw new PageError(`a page has more than ${mostCharacters} characters`);
        yield text;
      }
    },
  };
}

/** Version 1: everything compressed together, the levels with their length in front. */
function splitPage1(
  { uncompressed_page_size, data_page_header }: PageHeader,
  body: Uint8Array,
  decompress: Decompress,
  optional: boolean,
): { levels: Uint8Array; values: Uint8Array } {
  const page = decompress(body, uncompressed_page_size);
  if (!optional) return { levels: page.subarray(0, 0), values: page };
  const encoding = data_page_header?.definition_level_encoding;
  if (encoding !== "RLE") throw unsupported(`levels as ${encoding}`);
  const length = uint32(page, 0);
  if (4 + length > page.length) throw new PageError(`levels of ${length} bytes in a page of ${page.length}`);
  return { levels: page.subarray(4, 4 + length), values: page.subarray(4 + length) };
}

/** Version 2: levels first and never compressed, their lengths in the header. */
function splitPage2(
  { uncompressed_page_size, data_page_header_v2: about }: PageHeader,
  body: Uint8Array,
  decompress: Decompress,
): { levels: Uint8Array; values: Uint8Array } {
  const repetition = about?.repetition_levels_byte_length ?? 0;
  const definition = about?.definition_levels_byte_length ?? 0;
  const levels = repetition + definition;
  if (!(repetition >= 0 && definition >= 0 && levels <= body.length)) {
    throw new PageError(`levels of ${levels} bytes in a page of ${body.length}`);
  }
  const rest = body.subarray(levels);
  return {
    levels: body.subarray(repetition, levels),
    // Writers leave the data out where every value is null, compressed or not.
    values:
      about?.is_compressed === false || rest.length === 0
        ? rest
        : decompress(rest, uncompressed_page_size - levels),
  };
}

function stringReader(
  values: Uint8Array,
  encoding: string | undefined,
  dictionary: readonly string[] | undefined,
): () => string {
  if (encoding === "PLAIN") {
    const strings = plainStrings(values, Infinity);
    return () => {
      const { value, done } = strings.next();
      if (done) throw new PageError("a page ends before its last value");
      return value;
    };
  }
  if (encoding !== "PLAIN_DICTIONARY" && encoding !== "RLE_DICTIONARY")
    throw unsupported(`text as ${encoding}`);
  const width = values[0] ?? 0;
  if (width > 32) throw new PageError(`dictionary indices of ${width} bits`);
  const index = runLengths(values.subarray(1), width);
  return () => {
    const i = index();
    const text = dictionary?.[i];
    if (text === undefined) throw new PageError(`entry ${i} of a dictionary of ${dictionary?.length ?? 0}`);
    return text;
  };
}

/** Strings with their lengths in front, until `count` or the end. */
export function* plainStrings(bytes: Uint8Array, count: number): Generator<string, undefined> {
  if (!(count >= 0)) throw new PageError(`a dictionary says it has ${count} values`);
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (let at = 0, i = 0; i < count && (at < bytes.length || count !== Infinity); i++) {
    const length = uint32(bytes, at);
    const end = at + 4 + length;
    if (end > bytes.length) throw new PageError(`a text of ${length} bytes in a page of ${bytes.length}`);
    try {
      yield utf8.decode(bytes.subarray(at + 4, end));
    } catch (error) {
      if (error instanceof TypeError) throw new PageError(`text ${i} of a page is not UTF-8`);
      throw error;
    }
    at = end;
  }
  return undefined;
}

function uint32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new PageError("a page ends inside a length");
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

const unsupported = (what: string): DataError =>
  new DataError(
    "unsupported",
    `a Parquet column holds ${what}: rewrite the file with plain or dictionary encoding (the default of most writers)`,
  );

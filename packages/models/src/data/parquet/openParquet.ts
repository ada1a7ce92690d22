import type { FileHandle } from "node:fs/promises";
import { type FileMetaData, parquetMetadata, type SchemaElement } from "hyparquet";
import { DataError } from "../dataError.ts";
import { checkThrift, ThriftError } from "./checkThrift.ts";

/** The pages of one column in one row group. */
export interface ColumnChunk {
  readonly start: number;
  readonly bytes: number;
  /** Values, nulls included; one per row. */
  readonly values: number;
  readonly codec: string;
}

/** A column of strings. */
export interface TextColumn {
  readonly name: string;
  /** Whether there may be nulls. */
  readonly optional: boolean;
  readonly chunks: readonly ColumnChunk[];
}

/** A file of terabytes has less. */
const mostFooterBytes = 2 ** 24;

/** Names of the column that holds the text in C4, the Pile, FineWeb and most others. */
const usualNames = ["text", "content"];

/**
 * Finds the column of text in a Parquet file: the one named, else `text` or `content`, else the only one with strings.
 * Reads the end of the file only, and checks every length in it against the file's before it is believed.
 *
 * Throws `DataError` for what is no Parquet file or damaged, for encryption, and where there is no such column.
 */
export async function openParquet(file: FileHandle, path: string, wanted?: string): Promise<TextColumn> {
  const { size } = await file.stat();
  const metadata = await readMetadata(file, size, path);
  const { name, repetition_type } = chooseColumn(topLevel(metadata.schema), path, wanted);
  const chunks = metadata.row_groups.map((group, index): ColumnChunk => {
    const column = group.columns.find(
      ({ meta_data }) => meta_data?.path_in_schema.length === 1 && meta_data.path_in_schema[0] === name,
    );
    const about = column?.meta_data;
    if (column === undefined || about === undefined) {
      throw damaged(path, `row group ${index} has no column ${JSON.stringify(name)}`);
    }
    if (column.crypto_metadata !== undefined || column.file_path !== undefined) {
      throw new DataError(
        "unsupported",
        `${path}: column ${JSON.stringify(name)} is encrypted or in another file: rewrite it plainly`,
      );
    }
    const offsets = [about.dictionary_page_offset, about.data_page_offset].map(Number);
    const start = Math.min(...offsets.filter((offset) => offset > 0));
    const bytes = Number(about.total_compressed_size);
    const values = Number(about.num_values);
    if (!(start >= 4 && bytes >= 0 && start + bytes <= size && values >= 0 && Number.isSafeInteger(values))) {
      throw damaged(
        path,
        `row group ${index} says ${values} values in bytes ${start} … ${start + bytes} of ${size}`,
      );
    }
    return { start, bytes, values, codec: about.codec ?? "an unknown codec" };
  });
  return { name, optional: repetition_type === "OPTIONAL", chunks };
}

async function readMetadata(file: FileHandle, size: number, path: string): Promise<FileMetaData> {
  const tail = Buffer.alloc(8);
  if (size >= 12) await file.read(tail, 0, 8, size - 8);
  const mark = tail.toString("latin1", 4);
  if (mark === "PARE") {
    throw new DataError("unsupported", `${path} is an encrypted Parquet file: decrypt it first`);
  }
  if (mark !== "PAR1") throw damaged(path, "a Parquet file ends with PAR1");
  const length = tail.readUInt32LE();
  if (length > size - 12 || length > mostFooterBytes) {
    throw damaged(path, `its footer says ${length} bytes, in a file of ${size}`);
  }
  const footer = new Uint8Array(length + 8);
  await file.read(footer, 0, footer.length, size - footer.length);
  try {
    if (checkThrift(footer.subarray(0, length), 0) === undefined) throw new ThriftError("it ends too early");
    return parquetMetadata(footer, { geoparquet: false });
  } catch (error) {
    // Whatever a footer makes of the parser: it is the footer that is wrong.
    throw damaged(
      path,
      `its footer cannot be read (${error instanceof Error ? error.message : error})`,
      error,
    );
  }
}

export const damaged = (path: string, what: string, cause?: unknown): DataError =>
  new DataError("damaged", `${path} is damaged: ${what}; get the file again`, { cause });

/** Columns that are not part of others. The schema lists a tree in depth-first order, after its root. */
function topLevel(schema: readonly SchemaElement[]): SchemaElement[] {
  const found: SchemaElement[] = [];
  for (let i = 1; i < schema.length; ) {
    const element = schema[i];
    if (element !== undefined) found.push(element);
    for (let left = 1; left > 0 && i < schema.length; i++) left += (schema[i]?.num_children ?? 0) - 1;
  }
  return found;
}

function chooseColumn(columns: readonly SchemaElement[], path: string, wanted?: string): SchemaElement {
  const texts = columns.filter(
    ({ type, num_children, repetition_type }) =>
      type === "BYTE_ARRAY" && !num_children && repetition_type !== "REPEATED",
  );
  const named = (name: string): SchemaElement | undefined => texts.find((column) => column.name === name);
  const strings = texts.filter(
    ({ converted_type, logical_type }) => converted_type === "UTF8" || logical_type?.type === "STRING",
  );
  const only = strings.length === 1 ? strings[0] : undefined;
  const chosen = wanted === undefined ? (usualNames.map(named).find(Boolean) ?? only) : named(wanted);
  if (chosen !== undefined) return chosen;
  const list = texts.map(({ name }) => JSON.stringify(name)).join(", ") || "none";
  throw new DataError(
    "missing",
    `${path} has no text column ${JSON.stringify(wanted ?? "text")}: choose one of those it has (${list}), with textColumn or --text-column`,
  );
}

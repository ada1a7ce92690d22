import type { ByteStore } from "./byteStore.ts";
import { databaseByteStore } from "./databaseByteStore.ts";
import { fileByteStore } from "./fileByteStore.ts";

let opened: Promise<ByteStore | undefined> | undefined;

/** Where this browser keeps files of a page; undefined where it keeps none (some private windows). */
export function openStore(): Promise<ByteStore | undefined> {
  opened ??= fileByteStore()
    .then((files) => files ?? databaseByteStore())
    .catch(() => undefined);
  return opened;
}

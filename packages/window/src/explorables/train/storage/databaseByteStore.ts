import type { ByteStore } from "./byteStore.ts";

const TABLE = "files";
interface Row {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly changed: number;
}

/** IndexedDB, for browsers whose private file system is missing. Rejects where that is missing, too. */
export async function databaseByteStore(): Promise<ByteStore> {
  const opening = indexedDB.open("steepest-train", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  const database = await resultOf(opening);
  const table = (mode: IDBTransactionMode): IDBObjectStore =>
    database.transaction(TABLE, mode).objectStore(TABLE);
  return {
    place: "the database of this browser (IndexedDB)",
    async read(name) {
      const row: Row | undefined = await resultOf(table("readonly").get(name));
      return row?.bytes;
    },
    write: (name, bytes) =>
      written(table("readwrite"), (files) => files.put({ bytes, changed: Date.now() }, name)),
    remove: (name) => written(table("readwrite"), (files) => files.delete(name)),
    async names() {
      const files = table("readonly");
      const [keys, rows] = await Promise.all([
        resultOf(files.getAllKeys()),
        resultOf(files.getAll() as IDBRequest<Row[]>),
      ]);
      return keys.map((name, i) => ({ name: String(name), changed: rows[i]?.changed ?? 0 }));
    },
  };
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Until the transaction is complete: a full disk is told at its end, not by the request. */
function written(files: IDBObjectStore, change: (files: IDBObjectStore) => IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const { transaction } = files;
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
    change(files);
  });
}

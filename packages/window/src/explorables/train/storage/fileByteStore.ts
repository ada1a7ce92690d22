import type { ByteStore } from "./byteStore.ts";

const FOLDER = "train";

/** The private file system of this origin. Undefined where it is missing, or cannot write. */
export async function fileByteStore(): Promise<ByteStore | undefined> {
  if (typeof FileSystemFileHandle === "undefined" || !("createWritable" in FileSystemFileHandle.prototype))
    return undefined;
  const root = await navigator.storage?.getDirectory?.().catch(() => undefined);
  const folder = await root?.getDirectoryHandle(FOLDER, { create: true }).catch(() => undefined);
  if (folder === undefined) return undefined;
  return {
    place: "the private file system of this browser",
    async read(name) {
      const file = await folder.getFileHandle(name).catch(nothing);
      return file && new Uint8Array(await (await file.getFile()).arrayBuffer());
    },
    async write(name, bytes) {
      const file = await folder.getFileHandle(name, { create: true });
      const writable = await file.createWritable(); // takes the old file's place when it is closed
      try {
        await writable.write(bytes);
        await writable.close();
      } catch (error) {
        await writable.abort().catch(nothing);
        throw error;
      }
    },
    async remove(name) {
      await folder.removeEntry(name).catch(nothing);
    },
    async names() {
      const found: { name: string; changed: number }[] = [];
      for await (const [name, handle] of folder.entries())
        if (handle instanceof FileSystemFileHandle)
          found.push({ name, changed: (await handle.getFile()).lastModified });
      return found;
    },
  };
}

const nothing = (): undefined => undefined;

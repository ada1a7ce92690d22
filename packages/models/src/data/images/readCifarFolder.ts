import { basename, join } from "node:path";
import { readBytes } from "../../files/readBytes.ts";
import { DataError } from "../dataError.ts";
import type { AboutImages } from "./aboutImages.ts";
import { cifarImages } from "./cifarImages.ts";
import { type LoadedImages, loadedImages } from "./loadedImages.ts";

/** Whether files with these names make a CIFAR-10 data set. */
export const isCifarFolder = (names: readonly string[]): boolean => names.includes("data_batch_1.bin");

/**
 * The images of `data_batch_1.bin` … `data_batch_5.bin` and `test_batch.bin`, CIFAR-10's binary version: all of them, each
 * whole, unless `partial`.
 */
export async function readCifarFolder(
  folder: string,
  names: readonly string[],
  { check, partial = false }: AboutImages = {},
): Promise<LoadedImages> {
  const published = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);
  const batches = partial
    ? names.filter((name) => /^data_batch_\d+\.bin$/.test(basename(name))).sort()
    : published;
  const absent = [...(partial ? [] : published), "test_batch.bin"].filter((name) => !names.includes(name));
  if (absent.length > 0) {
    throw new DataError("missing", `${folder} has no file ${absent.join(", ")}: unpack the whole archive`);
  }
  const read = async (name: string) => {
    const path = join(folder, name);
    const bytes = await readBytes(path, 2 ** 30, "a CIFAR-10 batch");
    return { source: path, bytes };
  };
  const [training, testing] = [await Promise.all(batches.map(read)), [await read("test_batch.bin")]];
  const train = cifarImages(training, { partial });
  const test = cifarImages(testing, { partial });
  for (const { source, bytes } of [...training, ...testing]) check?.(source, bytes);
  return loadedImages(folder, train, test);
}

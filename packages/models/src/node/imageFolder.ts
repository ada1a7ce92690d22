import { basename, join } from "node:path";
import { cifarImages } from "../data/cifarImages.ts";
import { DataError } from "../data/dataError.ts";
import { idxImages } from "../data/idxImages.ts";
import type { LoadedImages } from "../data/loadedData.ts";
import { loadedImages } from "./loadedImages.ts";
import { readBytes } from "./readBytes.ts";
import { readIdxFile } from "./readIdxFile.ts";

/** The four files of MNIST and of the sets made in its image. */
const idxFiles = {
  trainImages: /^train-images[-.]idx3-ubyte(\.gz)?$/,
  trainLabels: /^train-labels[-.]idx1-ubyte(\.gz)?$/,
  testImages: /^(t10k|test)-images[-.]idx3-ubyte(\.gz)?$/,
  testLabels: /^(t10k|test)-labels[-.]idx1-ubyte(\.gz)?$/,
};

/** Whether files with these names make an idx data set. */
export const isIdxFolder = (names: readonly string[]): boolean =>
  names.some((name) => idxFiles.trainImages.test(name));

export const isCifarFolder = (names: readonly string[]): boolean => names.includes("data_batch_1.bin");

/** Said of a set by name; of a path nothing is known. */
export interface AboutImages {
  readonly classNames?: readonly string[];
  /** Of training and test. */
  readonly counts?: readonly [number, number];
  /** Gets each file's content as it was before compression. */
  readonly check?: (path: string, content: Uint8Array) => void;
  /** CIFAR-10 batches of any number and size. */
  readonly partial?: boolean;
}

/** The images of a folder with `train-images-idx3-ubyte` and its three companions, each gzip-compressed or not. */
export async function readIdxFolder(
  folder: string,
  names: readonly string[],
  { classNames, counts, check }: AboutImages = {},
): Promise<LoadedImages> {
  const read = (wanted: keyof typeof idxFiles) => {
    const name = names.find((each) => idxFiles[wanted].test(each));
    if (name === undefined) {
      throw new DataError(
        "missing",
        `${folder} has no file ${idxFiles[wanted].source.replace(/\\|\^|\$/g, "")}: get all four`,
      );
    }
    const path = join(folder, name);
    return readIdxFile(path, (content) => check?.(path, content));
  };
  const [trainImages, trainLabels, testImages, testLabels] = [
    await read("trainImages"),
    await read("trainLabels"),
    await read("testImages"),
    await read("testLabels"),
  ];
  const named = classNames && { classNames, classes: classNames.length };
  const train = idxImages(trainImages, trainLabels, { source: `${folder} (training)`, ...named });
  const test = idxImages(testImages, testLabels, {
    source: `${folder} (test)`,
    classes: train.classes,
    ...named,
  });
  if (counts !== undefined && (train.count !== counts[0] || test.count !== counts[1])) {
    throw new DataError(
      "damaged",
      `${folder} has ${train.count} training and ${test.count} test images, expected ${counts.join(" and ")}: get the files again`,
    );
  }
  return loadedImages(folder, train, test);
}

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

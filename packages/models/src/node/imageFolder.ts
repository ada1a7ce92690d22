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

/** The images of a folder with `train-images-idx3-ubyte` and its three companions, each gzip-compressed or not. */
export async function readIdxFolder(
  folder: string,
  names: readonly string[],
  about: { readonly classNames?: readonly string[] } = {},
): Promise<LoadedImages> {
  const read = (wanted: keyof typeof idxFiles) => {
    const name = names.find((each) => idxFiles[wanted].test(each));
    if (name === undefined) {
      throw new DataError(
        "missing",
        `${folder} has no file ${idxFiles[wanted].source.replace(/\\|\^|\$/g, "")}`,
      );
    }
    return readIdxFile(join(folder, name));
  };
  const [trainImages, trainLabels, testImages, testLabels] = [
    await read("trainImages"),
    await read("trainLabels"),
    await read("testImages"),
    await read("testLabels"),
  ];
  const named = about.classNames && { classNames: about.classNames, classes: about.classNames.length };
  const train = idxImages(trainImages, trainLabels, { source: `${folder} (training)`, ...named });
  const test = idxImages(testImages, testLabels, {
    source: `${folder} (test)`,
    classes: train.classes,
    ...named,
  });
  return loadedImages(folder, train, test);
}

/** The images of `data_batch_1.bin` … and `test_batch.bin`, CIFAR-10's binary version. */
export async function readCifarFolder(folder: string, names: readonly string[]): Promise<LoadedImages> {
  const batches = names.filter((name) => /^data_batch_\d+\.bin$/.test(basename(name))).sort();
  if (!names.includes("test_batch.bin")) {
    throw new DataError("missing", `${folder} has no file test_batch.bin: unpack the whole archive`);
  }
  const read = async (name: string) => {
    const path = join(folder, name);
    return { source: path, bytes: await readBytes(path, 2 ** 30, "a CIFAR-10 batch") };
  };
  const train = cifarImages(await Promise.all(batches.map(read)));
  const test = cifarImages([await read("test_batch.bin")]);
  return loadedImages(folder, train, test);
}

import { join } from "node:path";
import { DataError } from "../dataError.ts";
import type { AboutImages } from "./aboutImages.ts";
import { idxImages } from "./idxImages.ts";
import { type LoadedImages, loadedImages } from "./loadedImages.ts";
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

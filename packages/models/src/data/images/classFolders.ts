import { DataError } from "../dataError.ts";
import { splitWords } from "../splitFiles.ts";

/** An image and what it shows. */
export interface LabelledFile {
  /** Relative to the data folder, with `/`. */
  readonly file: string;
  readonly label: number;
}

/** Files of a folder with one subfolder per class. */
export interface ClassFolders {
  /** Sorted by code unit; a label is the place in this list. */
  readonly classNames: readonly string[];
  readonly train: readonly LabelledFile[];
  /** Absent where no folder is for validation. */
  readonly validation?: readonly LabelledFile[];
  /** Files that are neither trained nor validated on. */
  readonly leftOut: readonly string[];
}

const trainFolders = splitWords.train;
/** The first that is there is validated on, so that a test set stays unseen where there is a validation set too. */
const validationFolders = [...splitWords.validation, ...splitWords.test];

/**
 * Labels of image files by the folders they are in: `cat/1.png`, or `train/cat/1.png` with `val` … (the words of
 * `splitFiles`) beside `train`. Folders below a class belong to it. Classes are those of the training images.
 *
 * `files` are relative paths with `/`, in any order; the result is sorted. A class may be called `train`: it is one where
 * images lie in it directly. Throws `DataError` (`source` begins the message) where an image lies in no class, where there
 * are fewer than two classes, and for a validation class that is not trained on.
 */
export function classFolders(files: readonly string[], source: string): ClassFolders {
  const sorted = [...files].sort();
  const split = splitFolders(sorted);
  if (split === undefined) {
    const classNames = classesOf(sorted, source);
    return { classNames, train: labelled(sorted, classNames, "", source), leftOut: [] };
  }
  const { train, validation } = split;
  const inside = (folder: string): string[] => sorted.filter((file) => file.startsWith(`${folder}/`));
  const classNames = classesOf(
    inside(train).map((file) => file.slice(train.length + 1)),
    `${source}/${train}`,
  );
  return {
    classNames,
    train: labelled(inside(train), classNames, train, source),
    ...(validation !== undefined && {
      validation: labelled(inside(validation), classNames, validation, source),
    }),
    leftOut: sorted.filter((file) => ![train, validation].includes(firstPart(file))),
  };
}

const firstPart = (file: string): string => file.slice(0, Math.max(0, file.indexOf("/")));

function splitFolders(files: readonly string[]): { train: string; validation?: string } | undefined {
  const folders = [...new Set(files.map(firstPart))];
  const named = (names: readonly string[]): string | undefined =>
    names.flatMap((name) => folders.find((folder) => folder.toLowerCase() === name) ?? [])[0];
  const train = named(trainFolders);
  const direct = (file: string): boolean => firstPart(file) === train && file.split("/").length === 2;
  if (train === undefined || files.some(direct)) return undefined;
  const validation = named(validationFolders);
  return { train, ...(validation !== undefined && { validation }) };
}

function classesOf(files: readonly string[], source: string): string[] {
  const outside = files.find((file) => !file.includes("/"));
  if (outside !== undefined) {
    throw new DataError(
      "unsupported",
      `${source}/${outside} lies in no class: put images into one subfolder per class, such as ${source}/cat`,
    );
  }
  const names = [...new Set(files.map(firstPart))].sort();
  if (names.length > 1) return names;
  throw new DataError(
    "unsupported",
    `${source} has images in one folder only (${names.join()}): give the folder that has one subfolder per class`,
  );
}

function labelled(
  files: readonly string[],
  classNames: readonly string[],
  below: string,
  source: string,
): LabelledFile[] {
  const labels = new Map(classNames.map((name, label) => [name, label]));
  return files.map((file) => {
    const name = firstPart(below === "" ? file : file.slice(below.length + 1));
    const label = labels.get(name);
    if (label !== undefined) return { file, label };
    throw new DataError(
      "unsupported",
      name === ""
        ? `${source}/${file} lies in no class: put images into one subfolder per class, as those to train on are`
        : `${source}/${file} is of class ${JSON.stringify(name)}, which has no images to train on: ` +
            `put some into its training folder, or take the class out of ${source}/${below}`,
    );
  });
}

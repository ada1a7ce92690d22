import { basename, join, relative, sep } from "node:path";
import { joinDigests } from "../../files/fileDigest.ts";
import { DataError } from "../dataError.ts";
import { expectPositive } from "../expectPositive.ts";
import { validationStart } from "../validationStart.ts";
import { classFolders, type LabelledFile } from "./classFolders.ts";
import type { ImageSplit } from "./imageSplit.ts";
import { type LoadedImages, loadedImages } from "./loadedImages.ts";
import { type ImageHeader, isImageFile, isOtherPicture, readImage, readImageHeader } from "./readImage.ts";
import { splitByClass } from "./splitByClass.ts";

export interface ImageFolderOptions {
  /** Height and width that all images are brought to, see `readImage`. Default: as they are, which must be alike. */
  readonly imageSize?: number;
  /** Of every class, drawn by `splitSeed`, where no folder is for validation; 0 < share < 1. Default 0.1. */
  readonly validationShare?: number;
  /** Default 0: the same split whatever the seed of a run, so that runs can be compared. */
  readonly splitSeed?: number;
  /** Gets a line every few seconds, and one on what was found. */
  readonly report?: (line: string) => void;
}

/** What an array of bytes can hold. */
const mostPixelBytes = 2 ** 32;
/** Images read at a time: decoding has threads of its own, and each may need some hundred megabytes. */
const atOnce = 4;

/** Whether most of these files are images. Some others (a licence, a list of names) do not matter. */
export const isImageFolder = (paths: readonly string[]): boolean =>
  2 * paths.filter((path) => isImageFile(path) || isOtherPicture(path)).length > paths.length;

/** Names said where several files are at fault. */
const mostNames = 5;

/** No class may go missing because its pictures are of another kind. */
function expectReadable(folder: string, paths: readonly string[]): void {
  const others = paths.filter(isOtherPicture).map((path) => relative(folder, path));
  if (others.length === 0) return;
  const names = others.slice(0, mostNames).join(", ") + (others.length > mostNames ? ", …" : "");
  throw new DataError(
    "unsupported",
    `${others.length} of ${paths.length} files in ${folder} are pictures of a kind that is not read (${names}): convert them ` +
      "to PNG, JPEG or WebP (mogrify -format png), or take them out of the folder",
  );
}

/**
 * PNG, JPEG and WebP images of a folder with one subfolder per class, above which there may be `train` and `val` (see
 * `classFolders`); without such, a part of every class is for validation. In memory, grey where all images are, else RGB.
 *
 * Throws `DataError` that names the file for images that are damaged, too large, or of other sizes than the first one
 * without `imageSize`, and for folders that are not laid out like this. Memory for the pixels is taken when all
 * headers have been read.
 */
export async function readImageFolder(
  folder: string,
  paths: readonly string[],
  { imageSize, validationShare = 0.1, splitSeed = 0, report = () => {} }: ImageFolderOptions = {},
): Promise<LoadedImages> {
  if (imageSize !== undefined) expectPositive("imageSize", imageSize);
  validationStart(0, validationShare);
  expectReadable(folder, paths);
  const files = paths.filter(isImageFile).map((path) => relative(folder, path).replaceAll(sep, "/"));
  const found = classFolders(files, folder);
  const { classNames } = found;
  const { train, validation } =
    found.validation === undefined ? splitByClass(found.train, validationShare, splitSeed) : found;
  if (validation === undefined || validation.length === 0) {
    throw new DataError("tooShort", `${folder} has one image of each class: add some to validate on`);
  }

  const headers = await headersOf(folder, [...train, ...validation], report);
  const channels = headers.every(({ grey }) => grey) ? 1 : 3;
  const shape = [channels, ...commonSize(headers, imageSize)] as const;
  expectRoom(folder, shape, headers.length);
  const layout = { folder, shape, classNames, ...(imageSize !== undefined && { size: imageSize }) };
  const parts = [
    await readSplit(layout, train, report),
    await readSplit(layout, validation, report),
  ] as const;
  const held = found.validation === undefined ? "drawn from them" : "in a folder of their own";
  const split =
    `trained on ${train.length} images, validated on ${validation.length} ${held}` +
    (found.leftOut.length > 0 ? `, left out ${found.leftOut.length} (${found.leftOut[0]} …)` : "");
  const seen = headers.some(({ transparent }) => transparent) ? "; what is transparent is white" : "";
  report(`${folder}: images of ${shape.join(" × ")} in ${classNames.length} classes; ${split}${seen}`);
  const loaded = loadedImages(folder, ...parts, split);
  return { ...loaded, sha256: joinDigests([loaded.sha256, JSON.stringify(classNames)]) };
}

interface SizedHeader extends ImageHeader {
  readonly path: string;
}

async function headersOf(
  folder: string,
  files: readonly LabelledFile[],
  report: (line: string) => void,
): Promise<SizedHeader[]> {
  const headers: SizedHeader[] = [];
  await eachFile(folder, files, report, "looking at", async (path, i) => {
    headers[i] = { ...(await readImageHeader(path)), path };
  });
  return headers;
}

/** [height, width] of all images. */
function commonSize(headers: readonly SizedHeader[], imageSize?: number): readonly [number, number] {
  const [first] = headers;
  if (first === undefined) throw new Error("internal: no images");
  if (imageSize !== undefined) return [imageSize, imageSize];
  const other = headers.find(({ width, height }) => width !== first.width || height !== first.height);
  if (other === undefined) return [first.height, first.width];
  const size = ({ width, height }: ImageHeader): string => `${width} × ${height}`;
  throw new DataError(
    "unsupported",
    `images differ in size (${first.path} is ${size(first)}, ${other.path} is ${size(other)}): say how large they ` +
      "shall be (imageSize, --image-size N): each is then resized and cropped to N × N",
  );
}

function expectRoom(folder: string, shape: readonly [number, number, number], count: number): void {
  const bytes = shape.reduce((product, size) => product * size, count);
  if (bytes <= mostPixelBytes) return;
  const fits = Math.floor(Math.sqrt(mostPixelBytes / count / shape[0]));
  throw new DataError(
    "unsupported",
    `${count} images of ${shape.join(" × ")} in ${folder} take ${bytes} bytes, more than ${mostPixelBytes}: ` +
      `take an image size of at most ${fits} (imageSize, --image-size)`,
  );
}

interface Layout {
  readonly folder: string;
  readonly shape: readonly [channels: 1 | 3, height: number, width: number];
  readonly classNames: readonly string[];
  readonly size?: number;
}

async function readSplit(
  { folder, shape, classNames, size }: Layout,
  files: readonly LabelledFile[],
  report: (line: string) => void,
): Promise<ImageSplit> {
  const [channels, height, width] = shape;
  const imageBytes = channels * height * width;
  const pixels = new Uint8Array(files.length * imageBytes);
  await eachFile(folder, files, report, "reading", async (path, i) => {
    const image = await readImage(path, { channels, ...(size !== undefined && { size }) });
    if (image.length !== imageBytes) throw new DataError("damaged", `${path} has changed: start again`);
    pixels.set(image, i * imageBytes);
  });
  const classes = classNames.length;
  const numbers = files.map(({ label }) => label);
  const labels = classes <= 256 ? Uint8Array.from(numbers) : Uint16Array.from(numbers);
  return { count: files.length, shape, classes, classNames, pixels, labels };
}

/** Some files at a time, with a line to `report` every few seconds. Throws one error for all files that fail. */
async function eachFile(
  folder: string,
  files: readonly LabelledFile[],
  report: (line: string) => void,
  doing: string,
  work: (path: string, index: number) => Promise<void>,
): Promise<void> {
  let reported = Date.now();
  const failures: { error: DataError; file: string }[] = [];
  for (let first = 0; first < files.length; first += atOnce) {
    const group = files.slice(first, first + atOnce);
    const results = await Promise.allSettled(group.map(({ file }, i) => work(join(folder, file), first + i)));
    for (const [i, result] of results.entries()) {
      if (result.status === "fulfilled") continue;
      if (!(result.reason instanceof DataError)) throw result.reason;
      failures.push({ error: result.reason, file: group[i]?.file ?? "" });
    }
    if (Date.now() - reported < 5000) continue;
    reported = Date.now();
    report(`${doing} image ${first + group.length} of ${files.length} in ${basename(folder)}`);
  }
  const [first, ...others] = failures;
  if (first === undefined) return;
  if (others.length === 0) throw first.error;
  const names = others
    .slice(0, mostNames)
    .map(({ file }) => file)
    .join(", ");
  throw new DataError(
    first.error.problem,
    `${failures.length} of ${files.length} images cannot be read: ${first.error.message}; the same for ${names}` +
      (others.length > mostNames ? ", …" : ""),
    { cause: first.error },
  );
}

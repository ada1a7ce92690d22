import type { Sharp } from "sharp";
import { readBytes } from "../../files/readBytes.ts";
import { DataError } from "../dataError.ts";

/** Files whose name says that they hold an image that can be read. */
export const isImageFile = (path: string): boolean => /\.(png|jpe?g|jpe|jfif|webp)$/i.test(path);

/** Files whose name says that they hold a picture of a kind that is not read. */
export const isOtherPicture = (path: string): boolean =>
  /\.(bmp|dib|gif|tiff?|heic|heif|avif|jp2|j2k|jxl|svg|ico|psd|tga|p[bgnp]m|exr|hdr|cr2|nef|dng)$/i.test(
    path,
  );

/** What a file says of itself before its pixels are decoded. */
export interface ImageHeader {
  /** Upright, as a camera meant it. */
  readonly width: number;
  readonly height: number;
  readonly grey: boolean;
  readonly transparent: boolean;
}

/** No photograph of a data set is larger: 8192 × 8192. */
const mostPixels = 2 ** 26;
const mostBytes = 2 ** 27;

/** Deflate turns a byte into at most 1032, each 8 black or white pixels; a JPEG takes a bit for 64 pixels. */
const mostPixelsPerByte = 1032 * 8;

/**
 * Size and kind of the PNG, JPEG or WebP image in a file, told by its content.
 *
 * Throws `DataError` that names the file for anything else, for damaged headers, and for more than 67,108,864 pixels or
 * more than such a file can hold. No pixel is decoded.
 */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  return (await openImage(path)).header;
}

/**
 * The pixels of an image, [channels, height, width], 0 … 255: grey with 1 channel, sRGB with 3. With `size`, its shorter
 * side is resampled to that many pixels (Lanczos) and the middle of the longer side kept, as torchvision's `Resize` and
 * `CenterCrop` do; without, it stays as it is. Turned upright where the file says how it was taken; what is transparent is
 * white.
 *
 * Throws `DataError` as `readImageHeader`, and for pixels that are damaged or cut short.
 */
export async function readImage(
  path: string,
  { channels, size }: { channels: 1 | 3; size?: number },
): Promise<Uint8Array> {
  const opened = await openImage(path);
  const decode = (image: Sharp) => {
    image.flatten({ background: "#ffffff" });
    if (size !== undefined) image.resize(size, size, { fit: "cover", position: "centre" });
    return image
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
  };
  const { data, info } = await decode(opened.image("warning"))
    .catch((error: unknown) => {
      if (!isForgivable(error)) throw error;
      return decode(opened.image("error"));
    })
    .catch((error: unknown) => {
      throw damaged(path, error);
    });
  if (info.channels !== channels) throw new Error(`internal: ${path} has ${info.channels} channels`);
  return planes(data, channels);
}

/** What the decoder remarks on without a pixel being wrong: bytes between the parts of a JPEG, an unusual version. */
const isForgivable = (error: unknown): boolean =>
  error instanceof Error && /extraneous bytes|JFIF revision|Adobe color transform/.test(error.message);

interface OpenImage {
  readonly header: ImageHeader;
  /** The image, which refuses from this kind of damage on. */
  image(failOn: "warning" | "error"): Sharp;
}

async function openImage(path: string): Promise<OpenImage> {
  const bytes = await readBytes(path, mostBytes, "an image");
  if (!isKnownFormat(bytes)) {
    throw new DataError(
      "damaged",
      `${path} is no PNG, JPEG or WebP image: get the file again, or take it out of the folder`,
    );
  }
  const sharp = await loadSharp();
  const open = (limitInputPixels: number | false, failOn: "warning" | "error"): Sharp =>
    sharp(bytes, { failOn, limitInputPixels, autoOrient: true });
  const { autoOrient, space, format, hasAlpha } = await open(false, "error") // only a header, whatever it says
    .metadata()
    .catch((error: unknown) => {
      throw damaged(path, error);
    });
  const { width, height } = autoOrient;
  const pixels = width * height;
  if (pixels > mostPixels) {
    throw new DataError(
      "unsupported",
      `${path} says it is ${width} × ${height} pixels, more than the ${mostPixels} that are read: make it smaller`,
    );
  }
  if (format !== "webp" && pixels > mostPixelsPerByte * bytes.length) {
    throw damaged(path, new Error(`${width} × ${height} pixels cannot be in ${bytes.length} bytes`));
  }
  const grey = space === "b-w" || space === "grey16";
  return {
    image: (failOn) => open(mostPixels, failOn),
    header: { width, height, grey, transparent: hasAlpha },
  };
}

/** Checked before the decoder sees them: it would also open SVG, which can refer to other files. */
function isKnownFormat(bytes: Buffer): boolean {
  const starts = (text: string, at = 0): boolean => bytes.toString("latin1", at, at + text.length) === text;
  return starts("\x89PNG\r\n\x1a\n") || starts("\xff\xd8\xff") || (starts("RIFF") && starts("WEBP", 8));
}

/** Only where images are read: its native library takes a moment and some memory. */
async function loadSharp() {
  try {
    return (await import("sharp")).default;
  } catch (error) {
    throw new DataError(
      "unsupported",
      "image files are read by the package sharp, which could not be loaded here: install again without leaving out optional packages",
      { cause: error },
    );
  }
}

/** From pixel by pixel to plane by plane. */
function planes(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return data;
  const size = data.length / channels;
  const out = new Uint8Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < size; i++) out[channel * size + i] = data[i * channels + channel] ?? 0;
  }
  return out;
}

function damaged(path: string, error: unknown): DataError {
  const [first] = (error instanceof Error ? error.message : String(error)).split("\n");
  return new DataError(
    "damaged",
    `${path} is damaged (${first}): get the file again, or take it out of the folder`,
    { cause: error },
  );
}

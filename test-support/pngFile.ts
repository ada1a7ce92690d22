import { crc32, deflateSync } from "node:zlib";

export interface PngOptions {
  /** Values per pixel: 1 grey, 3 RGB, 4 RGB and transparency. */
  readonly channels?: 1 | 3 | 4;
  /** What the header says, if not the truth. */
  readonly claimed?: readonly [width: number, height: number];
}

/** A PNG of these pixels (row by row, values of a pixel side by side), made without the library under test. */
export function pngFile(
  width: number,
  height: number,
  pixels: ArrayLike<number>,
  { channels = 3, claimed = [width, height] }: PngOptions = {},
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(claimed[0], 0);
  header.writeUInt32BE(claimed[1], 4);
  header.set([8, { 1: 0, 3: 2, 4: 6 }[channels]], 8);
  const row = width * channels;
  const lines = Buffer.alloc(height * (row + 1)); // each begins with 0: not filtered
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < row; x++) lines[y * (row + 1) + 1 + x] = pixels[y * row + x] ?? 0;
  }
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, check]);
}

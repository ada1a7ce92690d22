import { read, readSync } from "node:fs";
import { promisify } from "node:util";
import { SafetensorsError } from "./safetensorsError.ts";

const readLater = promisify(read);

/** One read takes at most 2³¹ − 1 bytes. */
const MOST = 2 ** 30;

/** Bytes begin … end − 1 of an open file in a buffer of their own; a file that has become shorter is an error. */
export async function readRange(file: number, begin: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin);
  for (let done = 0; done < bytes.length; ) {
    const most = Math.min(bytes.length - done, MOST);
    const { bytesRead } = await readLater(file, bytes, done, most, begin + done);
    done += expectSome(bytesRead, begin + done, bytes.length - done);
  }
  return bytes.buffer;
}

/** `readRange`, now. */
export function readRangeSync(file: number, begin: number, end: number): ArrayBuffer {
  const bytes = new Uint8Array(end - begin);
  for (let done = 0; done < bytes.length; ) {
    const most = Math.min(bytes.length - done, MOST);
    done += expectSome(readSync(file, bytes, done, most, begin + done), begin + done, bytes.length - done);
  }
  return bytes.buffer;
}

function expectSome(bytesRead: number, at: number, missing: number): number {
  if (bytesRead > 0) return bytesRead;
  throw new SafetensorsError(`it ends at byte ${at}, ${missing} bytes early`);
}

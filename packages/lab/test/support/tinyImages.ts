import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SIDE = 8;
const CLASSES = 3;

/**
 * A data set in the layout of MNIST in a folder: 60 training and 22 test images of 8 × 8 pixels in three classes, each
 * class a bright bar at a place of its own, with noise.
 */
export function tinyImages(folder: string): string {
  const target = join(folder, "images");
  mkdirSync(target);
  write(target, "train", 60, 1);
  write(target, "t10k", 22, 2);
  return target;
}

function write(folder: string, part: string, count: number, seed: number): void {
  const pixels = new Uint8Array(count * SIDE * SIDE);
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 7 + seed) % CLASSES);
  for (let i = 0; i < pixels.length; i++) {
    const image = Math.floor(i / SIDE ** 2);
    const row = Math.floor(i / SIDE) % SIDE;
    const x = 43758.5453 * Math.sin(12.9898 * (i + 1) + 78.233 * seed);
    const noise = x - Math.floor(x);
    const bright = Math.floor(row / 3) === labels[image] ? 150 : 0;
    pixels[i] = Math.floor(bright + 100 * noise);
  }
  const file = (name: string, rank: number, shape: number[], data: Uint8Array): void => {
    const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
    header.setUint32(0, 0x800 + rank);
    for (const [i, n] of shape.entries()) header.setUint32(4 + 4 * i, n);
    writeFileSync(join(folder, name), Buffer.concat([new Uint8Array(header.buffer), data]));
  };
  file(`${part}-images-idx3-ubyte`, 3, [count, SIDE, SIDE], pixels);
  file(`${part}-labels-idx1-ubyte`, 1, [count], labels);
}

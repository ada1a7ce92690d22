import { DataError } from "@steepest/models";
import fc from "fast-check";
import { expect } from "vitest";

/** Numbers that break what trusts them: −1, 2^31 − 1, the Thrift number 2^63, zeros. */
const spikes = [
  [0xff, 0xff, 0xff, 0xff],
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0],
];
export const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
export const flip = fc.tuple(place, fc.nat(7)).map(([at, bit]) => (bytes: Buffer) => {
  const i = Math.floor(at * bytes.length);
  if (i < bytes.length) bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
  return bytes;
});
export const spike = fc.tuple(place, fc.constantFrom(...spikes)).map(([at, numbers]) => (bytes: Buffer) => {
  const i = Math.floor(at * bytes.length);
  bytes.set(numbers.slice(0, bytes.length - i), i);
  return bytes;
});
const cut = place.map((at) => (bytes: Buffer) => bytes.subarray(0, Math.floor(at * bytes.length)));
const insert = fc.tuple(place, fc.uint8Array({ maxLength: 40 })).map(([at, more]) => (bytes: Buffer) => {
  const i = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, i), more, bytes.subarray(i)]);
});
const remove = fc.tuple(place, place).map(([a, b]) => (bytes: Buffer) => {
  const [from, to] = [Math.floor(Math.min(a, b) * bytes.length), Math.floor(Math.max(a, b) * bytes.length)];
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
});
export type Damage = (bytes: Buffer) => Buffer;
export const anyDamage = fc.oneof<fc.Arbitrary<Damage>[]>(flip, spike, cut, insert, remove);

/** Writes damaged versions of `good` and has them read; nothing but a `DataError` may come out, or what `read` finds whole. */
export async function fuzz(
  { write }: { write: (name: string, content: Uint8Array) => Promise<string> },
  good: Uint8Array,
  name: string,
  read: (path: string) => Promise<void>,
  numRuns: number,
  damage: fc.Arbitrary<Damage> = anyDamage,
) {
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (changes) => {
      let bytes: Buffer = Buffer.from(good);
      for (const change of changes) bytes = change(bytes);
      const path = await write(name, bytes);
      try {
        await read(path);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        expect(error.message).toMatch(/: \w|; get/); // what to do
      }
    }),
    { numRuns },
  );
}

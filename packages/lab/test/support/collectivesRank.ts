/** What one rank of `collectives.test.ts` does; rank 0 prints what all found. */
import { broadcastText } from "../../src/collectives/broadcastText.ts";
import { joinRanks } from "../../src/collectives/joinRanks.ts";
import { launchedRank } from "../../src/collectives/launchedRank.ts";

const launched = launchedRank();
if (launched === undefined) throw new Error("not started by a launcher");
const ranks = joinRanks(launched);
const { rank, size, library } = ranks;

/** More than two chunks, with an end that fills none; of each rank other numbers, whose sum depends on the order. */
const LENGTH = 2 * 2 ** 18 + 77;
const partOf = (other: number): Float32Array =>
  Float32Array.from({ length: LENGTH }, (_, i) => (1e4 ** (other % 3) / 3) * Math.sin(i + other));

/** In memory that threads share, and behind an offset. */
const shared = new Float32Array(new SharedArrayBuffer(4 * (LENGTH + 1)), 4, LENGTH);

const root = size - 1;
// The last rank owns most; the first a little, in two pieces; others nothing.
const small = Float32Array.of(rank, 0.1 * rank, 7);
const smallSums = [new Float32Array(1), new Float32Array(2)] as const;
ranks.sumToOwners([
  { owner: 0, data: small.subarray(0, 1), into: rank === 0 ? smallSums[0] : undefined },
  { owner: root, data: partOf(rank), into: rank === root ? shared : undefined },
  { owner: 0, data: small.subarray(1), into: rank === 0 ? smallSums[1] : undefined },
]);
const expected = new Float32Array(LENGTH);
for (let other = 0; other < size; other++) {
  const part = partOf(other);
  for (let i = 0; i < LENGTH; i++) expected[i] = (expected[i] ?? 0) + (part[i] ?? 0);
}
const summed = rank !== root || shared.every((value, i) => Object.is(value, expected[i]));
ranks.copyFromOwners([
  { owner: 0, data: smallSums[0] },
  { owner: root, data: shared },
  { owner: 0, data: smallSums[1] },
]);
const spread = shared.every((value, i) => Object.is(value, expected[i]));

const ints = Array.from({ length: size }, (_, other) => other);
const smallOnes =
  smallSums[0][0] === ints.reduce((a, b) => a + b, 0) &&
  smallSums[1][0] === ints.reduce((a, b) => Math.fround(a + Math.fround(0.1 * b)), 0) &&
  smallSums[1][1] === 7 * size;

const moved = Int32Array.of(rank, -rank, 7);
ranks.move(root, 0, moved);
const text = broadcastText(ranks, root, rank === root ? "Gruß von oben" : "nothing");
const seen = ranks.allGather([
  rank,
  Math.PI * rank,
  Number(summed),
  Number(spread && smallOnes),
  Number(text === "Gruß von oben"),
]);
ranks.barrier();
if (rank === 0) console.log(JSON.stringify({ size, library, moved: [...moved], seen }));
ranks.finalize();

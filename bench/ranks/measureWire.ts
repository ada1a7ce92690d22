/** Sum to the owners and copy from them, of `mpirun -n 2 node --import tsx bench/ranks/measureWire.ts 3194880 20`: the least, in ms. */
import { joinRanks } from "../../packages/lab/src/collectives/joinRanks.ts";
import { launchedRank } from "../../packages/lab/src/collectives/launchedRank.ts";

const [floats = "1000000", rounds = "20"] = process.argv.slice(2);
const launched = launchedRank();
if (launched === undefined) throw new Error("start it with mpirun -n 2");
const collectives = joinRanks(launched);
const { rank, size } = collectives;
const length = Math.ceil(Number(floats) / (12 * size));
const pieces = Array.from({ length: 12 * size }, (_, i) => ({
  owner: i % size,
  data: new Float32Array(length).fill(rank),
  into: i % size === rank ? new Float32Array(length) : undefined,
}));
let least = Number.POSITIVE_INFINITY;
for (let round = 0; round < Number(rounds); round++) {
  collectives.barrier();
  const start = performance.now();
  collectives.sumToOwners(pieces);
  collectives.copyFromOwners(pieces);
  const ms = performance.now() - start;
  const slowest = Math.max(...collectives.allGather([ms]).map(([own = 0]) => own));
  if (round > 1) least = Math.min(least, slowest);
}
if (rank === 0) console.log(JSON.stringify({ ranks: size, wire: Number(least.toFixed(2)) }));
collectives.finalize();

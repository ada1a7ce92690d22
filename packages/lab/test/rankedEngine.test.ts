import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { skipUnless } from "#test-support/skipUnless.ts";

import { mpirun, openMpi, script } from "./support/mpirun.ts";

const rank = fileURLToPath(new URL("support/rankedEngineRank.ts", import.meta.url));

interface Difference {
  readonly keys: boolean;
  readonly numbers: number;
  readonly loss: number;
  readonly gradNorm: number;
  readonly stateFloats: boolean;
  readonly stateOfRanks: readonly number[];
  readonly whole: number;
}

interface Found {
  readonly optimizer: string;
  readonly oneByOne: Difference;
  readonly plain: Difference;
}

/** Methods that choose a basis from the gradient: another rounding may turn it, and the losses stay close. */
const choosesBasis = ["soap", "dion"];
/** Each step weighs the layers by their share of a norm over all: made by every rank, so that nothing is saved. */
const together = ["clipped_gd"];

const jobs = [
  { optimizer: "adamw", weightDecay: 0.1 },
  { optimizer: "muon", weightDecay: 0.1 },
  { optimizer: "scion" },
  { optimizer: "clipped_scion" }, // a gap below rho: every step depends on the sum over all layers
  { optimizer: "clipped_scion", clip: 0.1 },
  { optimizer: "ggnc", weightDecay: 0.1 },
  { optimizer: "clipped_gd" },
  { optimizer: "mano_v2" },
  { optimizer: "soap" },
  { optimizer: "shampoo" },
  { optimizer: "dion" },
  { optimizer: "muon", clip: 0.1 },
];

async function compared(size: number, list: readonly object[]): Promise<Found[]> {
  const { code, out, err } = await mpirun(openMpi, size, [...script(rank), JSON.stringify(list)]);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out.trim()) as Found[];
}

test.each([2, 4])("%i ranks: losses, weights and state are those of one process", async (size) => {
  skipUnless(openMpi.there, "training in several processes", openMpi.enabledBy);
  for (const { optimizer, oneByOne, plain } of await compared(size, jobs)) {
    // As the only rank, with the parts of all one after the other: the same sums in the same order.
    expect({ optimizer, ...oneByOne }).toMatchObject({
      optimizer,
      keys: true,
      numbers: 0,
      loss: 0,
      gradNorm: 0,
      stateFloats: true,
    });
    // As a plain run: float32 sums in another order, three steps.
    expect({ optimizer, keys: plain.keys, floats: plain.stateFloats }).toEqual({
      optimizer,
      keys: true,
      floats: true,
    });
    const basis = choosesBasis.includes(optimizer);
    expect(plain.loss, optimizer).toBeLessThan(basis ? 1e-2 : 2e-6);
    if (!basis) expect(plain.numbers, optimizer).toBeLessThan(2e-6);
    // Whole parameters have one owner each. Counts of steps are on all, a few floats.
    const { stateOfRanks: shared, whole } = oneByOne;
    expect(shared.length).toBe(size);
    const sum = shared.reduce((a, b) => a + b, 0);
    expect(sum, optimizer).toBeGreaterThanOrEqual(whole);
    if (together.includes(optimizer)) expect(shared).toEqual(shared.map(() => whole));
    else expect(Math.max(...shared), optimizer).toBeLessThan(0.6 * whole);
  }
});

test("a batch in parts on each rank: the method runs once a step", async () => {
  skipUnless(openMpi.there, "training in several processes with --accumulate", openMpi.enabledBy);
  const [found] = await compared(2, [{ optimizer: "muon", weightDecay: 0.1, accumulate: 2 }]);
  // (p₀ + p₁) + (p₂ + p₃) against ((p₀ + p₁) + p₂) + p₃, three steps in float32.
  expect(found?.oneByOne.numbers).toBeLessThan(1e-6);
  expect(found?.plain.numbers).toBeLessThan(1e-6);
});

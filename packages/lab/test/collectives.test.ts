import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { skipUnless } from "#test-support/skipUnless.ts";

import { joinRanks } from "../src/collectives/joinRanks.ts";
import { launchedRank } from "../src/collectives/launchedRank.ts";
import { loadMpi } from "../src/collectives/loadMpi.ts";
import { oneRank } from "../src/collectives/oneRank.ts";
import { mpich, mpirun, openMpi, script } from "./support/mpirun.ts";

const rank = fileURLToPath(new URL("support/collectivesRank.ts", import.meta.url));

describe.each([openMpi, mpich])("$name", (launcher) => {
  skipUnless(launcher.there, `messages between ranks by ${launcher.name}`, launcher.enabledBy);

  test.each([2, 3])("%i ranks: sums in their order bit for bit, copies, moves and texts", async (size) => {
    const { code, out, err } = await mpirun(launcher, size, script(rank));
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    const found = JSON.parse(out.trim()) as Record<string, unknown>;
    expect(found.library).toMatch(new RegExp(`^${launcher.name} \\d+\\.\\d+`));
    expect(found.size).toBe(size);
    expect(found.moved).toEqual([size - 1, 1 - size, 7]);
    expect(found.seen).toEqual(Array.from({ length: size }, (_, i) => [i, Math.PI * i, 1, 1, 1]));
  });

  test("a library that belongs to another MPI than the launcher is named", async () => {
    const other = launcher === openMpi ? mpich : openMpi;
    skipUnless(other.there, `a library of another MPI than ${launcher.name}`, other.enabledBy);
    const STEEPEST_MPI = launcher === openMpi ? "libmpich.so.12" : "libmpi.so.40";
    const { code, err } = await mpirun(launcher, 2, script(rank), { env: { STEEPEST_MPI } });
    expect(code).not.toBe(0);
    expect(err).toMatch(
      /2 processes were started together, and libmpi\S* knows of 1: it belongs to another MPI/,
    );
  });
});

test("a process knows whether it is one of several, from Open MPI, MPICH or Slurm", () => {
  expect(launchedRank({})).toBeUndefined();
  expect(launchedRank({ OMPI_COMM_WORLD_RANK: "0", OMPI_COMM_WORLD_SIZE: "1" })).toBeUndefined();
  expect(
    launchedRank({
      OMPI_COMM_WORLD_RANK: "3",
      OMPI_COMM_WORLD_SIZE: "4",
      OMPI_COMM_WORLD_LOCAL_SIZE: "2",
    }),
  ).toEqual({ rank: 3, size: 4, local: 2, abis: ["openMpi", "standard"] });
  expect(launchedRank({ PMI_RANK: "0", PMI_SIZE: "2", MPI_LOCALNRANKS: "2" })).toMatchObject({
    rank: 0,
    size: 2,
    local: 2,
  });
  expect(launchedRank({ PMIX_RANK: "1", SLURM_STEP_NUM_TASKS: "8" })).toMatchObject({ rank: 1, size: 8 });
});

test("without MPI the message says what to install, and how to name a library", () => {
  expect(() => loadMpi({ abis: [] }, undefined)).toThrow(
    /no MPI library could be loaded.*apt-get install openmpi-bin.*STEEPEST_MPI/,
  );
  expect(() => loadMpi({ abis: ["openMpi"] }, "/nowhere/libmpi.so")).toThrow(
    /STEEPEST_MPI names \/nowhere\/libmpi\.so, which cannot be loaded/,
  );
  expect(() => joinRanks({ rank: 0, size: 2, local: 2, abis: [] })).toThrow(/no MPI library/);
});

test("one rank: a sum has one part, nothing is sent", () => {
  const total = new Float32Array(2);
  oneRank.sumToOwners([{ owner: 0, data: Float32Array.of(1, 2), into: total }]);
  expect([...total]).toEqual([1, 2]);
  expect(oneRank.allGather([3, 4])).toEqual([[3, 4]]);
});

import type { LibraryHandle } from "koffi";

/** A handle as one library has it: a pointer, or a number. */
export type MpiHandle = unknown;

export interface MpiHandles {
  readonly world: MpiHandle;
  readonly byte: MpiHandle;
  readonly float: MpiHandle;
  readonly double: MpiHandle;
  readonly sum: MpiHandle;
}

/** What differs between the binary interfaces of MPI libraries. */
export interface MpiAbi {
  readonly name: string;
  /** Where the library may be, by platform, the likeliest first. */
  readonly files: Partial<Record<NodeJS.Platform, readonly string[]>>;
  /** How koffi passes a handle. */
  readonly handleType: "void *" | "int" | "intptr_t";
  handles(library: LibraryHandle): MpiHandles;
  /** MPI_STATUS_IGNORE. */
  readonly statusIgnore: number;
  /** What brings the library and its mpirun. */
  readonly install: string;
}

/**
 * The binary interfaces in use, by the name of who started them. Handles of Open MPI are addresses of its own objects, those of
 * MPICH (and its relatives: Intel MPI, MVAPICH) are numbers, and MPI 5.0 (2025, chapter 20) fixes small numbers for all.
 */
export const mpiAbis = {
  openMpi: {
    name: "Open MPI",
    files: { linux: ["libmpi.so.40"], darwin: ["libmpi.40.dylib"] },
    handleType: "void *",
    handles: (library) => {
      const symbol = (name: string): MpiHandle => library.symbol(name, "void");
      return {
        world: symbol("ompi_mpi_comm_world"),
        byte: symbol("ompi_mpi_byte"),
        float: symbol("ompi_mpi_float"),
        double: symbol("ompi_mpi_double"),
        sum: symbol("ompi_mpi_op_sum"),
      };
    },
    statusIgnore: 0,
    install: "apt-get install openmpi-bin (Debian, Ubuntu), brew install open-mpi (macOS)",
  },
  mpich: {
    name: "MPICH",
    files: { linux: ["libmpich.so.12", "libmpi.so.12"], darwin: ["libmpi.12.dylib"] },
    handleType: "int",
    handles: () => ({
      world: 0x44000000,
      byte: 0x4c00010d,
      float: 0x4c00040a,
      double: 0x4c00080b,
      sum: 0x58000003,
    }),
    statusIgnore: 1,
    install: "apt-get install mpich (Debian, Ubuntu), brew install mpich (macOS)",
  },
  standard: {
    name: "MPI 5 standard ABI",
    files: { linux: ["libmpi_abi.so.1", "libmpi_abi.so.0"], darwin: ["libmpi_abi.1.dylib"] },
    handleType: "intptr_t",
    handles: () => ({ world: 0x101, byte: 0x247, float: 0x210, double: 0x214, sum: 0x21 }),
    statusIgnore: 0,
    install: "an MPI library with libmpi_abi, such as MPICH 5",
  },
} satisfies Record<string, MpiAbi>;

export type MpiAbiName = keyof typeof mpiAbis;

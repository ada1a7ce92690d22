/**
 * What threads tell each other, as 32-bit words in shared memory.
 *
 * The main thread opens a stage by writing its table and its number of tiles and setting NEXT to 0. Whoever is free takes the
 * next tile by adding one to NEXT. A helper counts itself in ACTIVE before it does so and out when there are no tiles
 * left; when the main thread finds none, it closes the stage (NEXT far beyond any number of tiles) and waits for ACTIVE
 * to be 0. A helper that comes late therefore finds a closed stage, or the next one, complete.
 */
export const WORDS = {
  /** Rises with every stage that wants helpers; they sleep on it. */
  EPOCH: 0,
  NEXT: 1,
  ACTIVE: 2,
  /** Address of the stage's table: for each call its kernel, its argument list and its first tile. */
  TABLE: 3,
  CALLS: 4,
  TILES: 5,
  /** Address, length and number of the module that the kernels are of. */
  MODULE: 6,
  MODULE_BYTES: 7,
  MODULE_NUMBER: 8,
  STOP: 9,
  /** Not 0 when a helper could not do a tile that it had taken. */
  FAILED: 10,
} as const;

export const CONTROL_BYTES = 64;
export const CLOSED = 0x40000000;
/** Words of a call in a stage's table. */
export const CALL_WORDS = 3;

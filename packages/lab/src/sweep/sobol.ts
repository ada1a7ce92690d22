/** Primitive polynomials (degree, coefficients) and first direction numbers: Joe & Kuo 2008, "new-joe-kuo-6", dimensions 2 to 10. */
const TABLE: readonly (readonly [degree: number, coefficients: number, first: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
];

/** Dimensions that `sobolPoint` has. */
export const SOBOL_DIMENSIONS = TABLE.length + 1;
const BITS = 30;

/**
 * Point `index` ≥ 0 of a Sobol sequence in [0, 1)^dimensions: any 2^k points that begin at a multiple of 2^k fill the cube more
 * evenly than chance. Each coordinate is shifted by xor with bits of `seed`, which keeps that property and makes another seed
 * another sample. Sobol 1967; direction numbers of Joe & Kuo 2008. Throws where there are more than 10 dimensions.
 */
export function sobolPoint(index: number, dimensions: number, seed: number): number[] {
  if (dimensions > SOBOL_DIMENSIONS)
    throw new RangeError(`a Sobol sequence here has at most ${SOBOL_DIMENSIONS} dimensions`);
  return Array.from({ length: dimensions }, (_, dimension) => {
    const directions = directionsOf(dimension);
    let bits = 0;
    for (let i = 0; i < BITS; i++) if ((index >>> i) & 1) bits ^= directions[i] ?? 0;
    return (bits ^ shiftOf(dimension, seed)) / 2 ** BITS;
  });
}

function directionsOf(dimension: number): number[] {
  const directions: number[] = [];
  const entry = TABLE[dimension - 1];
  for (let i = 0; i < BITS; i++) {
    if (entry === undefined) {
      directions.push(2 ** (BITS - 1 - i)); // van der Corput
      continue;
    }
    const [degree, coefficients, first] = entry;
    const given = first[i];
    if (given !== undefined) {
      directions.push(given * 2 ** (BITS - 1 - i));
      continue;
    }
    const before = (back: number): number => directions[i - back] ?? 0;
    let value = before(degree) ^ (before(degree) >>> degree);
    for (let k = 1; k < degree; k++) if ((coefficients >>> (degree - 1 - k)) & 1) value ^= before(k);
    directions.push(value);
  }
  return directions;
}

/** Mixed bits of the seed for a dimension (the finaliser of MurmurHash3). */
function shiftOf(dimension: number, seed: number): number {
  let bits = Math.imul(seed + 1, 0x9e3779b9) ^ Math.imul(dimension + 1, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) & (2 ** BITS - 1);
}

/**
 * What jax-js 0.1.25 uses of newer JavaScript than Node 20 has.
 *
 * - `Float16Array`: looked up whenever a dtype is checked, so that even float64 arrays fail without it. A stand-in of
 *   the right element size is enough: arrays of float16 are refused where it stands in.
 * - `map` of iterators, on the matches of `matchAll`: `einsum`, and with it `matvec`, `dotProductAttention` and
 *   `multivariateNormal`. Added to the one kind of iterator that needs it.
 */
if (!("Float16Array" in globalThis)) {
  Object.assign(globalThis, { Float16Array: class Float16Array extends Uint16Array {} });
}

const matches: object = Object.getPrototypeOf("".matchAll(/./g));
if (!("map" in matches)) {
  Object.defineProperty(matches, "map", {
    // An array has the methods of an iterator that jax-js goes on with.
    value<T, U>(this: Iterable<T>, convert: (item: T, index: number) => U): U[] {
      return Array.from(this, convert);
    },
    writable: true,
    configurable: true,
  });
}

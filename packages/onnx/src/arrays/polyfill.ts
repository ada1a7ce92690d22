/**
 * jax-js 0.1.25 looks up `Float16Array` whenever a dtype is checked; Node 20 does not have it, so even
 * float64 arrays fail there. A stand-in of the right element size is enough: nothing here computes float16.
 */
if (!("Float16Array" in globalThis)) {
  Object.assign(globalThis, { Float16Array: class Float16Array extends Uint16Array {} });
}

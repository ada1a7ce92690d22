/** `Float16Array`, which Node 20 lacks and jax-js 0.1.25 looks up whenever a dtype is checked. Only its size matters. */
if (!("Float16Array" in globalThis))
  Object.assign(globalThis, { Float16Array: class Float16Array extends Uint16Array {} });

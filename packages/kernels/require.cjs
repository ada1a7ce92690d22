// Reached by require() only. It would bring a second copy of jax-js, whose arrays the first does not know.
throw new Error(
  '@steepest/kernels is an ES module: use import, or in CommonJS await import("@steepest/kernels"), and the same for "@jax-js/jax". ' +
    "require() would load a second copy of jax-js, whose arrays cannot be mixed with those of the first.",
);

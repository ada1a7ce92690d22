// Isolated from other origins, a page may share memory with its workers: jax-js then uses all cores.
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default {
  build: { target: "es2023" },
  worker: { format: "es" },
  server: { headers },
  preview: { headers },
};

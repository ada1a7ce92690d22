/** Which releases wrote a model. Both are pinned in package.json; a test compares them with it. */
export const WRITER = { "@steepest/onnx": "0.1.0", "@jax-js/jax": "0.1.25" } as const;

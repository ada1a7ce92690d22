// jax-js must be loaded after this, so that it can use threads; a dynamic import keeps the order when bundled.
import "steepest/node";

const { run } = await import("./cli.ts");
await run();

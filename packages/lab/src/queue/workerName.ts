import { hostname } from "node:os";

/** What a worker is called in a queue. */
export const workerName = (): string => `${hostname()}:${process.pid}`;

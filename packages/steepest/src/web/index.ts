export type { ImportMap } from "./importMap.ts";
export { type ModuleWorkerOptions, moduleWorker } from "./moduleWorker.ts";

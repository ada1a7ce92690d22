export { type ArgumentTree, Spec, spec } from "./argumentTree.ts";
export { type CompiledFunction, type CompileOptions, compile } from "./compile.ts";

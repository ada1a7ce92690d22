import "../polyfill.ts";

export { expectNoLeaks, leakedArrays } from "./leakedArrays.ts";
export { liveArrays } from "./liveArrays.ts";

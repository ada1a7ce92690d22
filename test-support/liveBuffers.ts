export { leakedArrays as leakedBuffers, liveArrays as liveBuffers } from "steepest/testing";

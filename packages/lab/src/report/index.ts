export { strokeOf } from "./palette.ts";
export { linearScale, logScale, type Scale } from "./scale.ts";

import "../packages/steepest/src/polyfill.ts";

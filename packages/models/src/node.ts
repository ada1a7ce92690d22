export { mobyDick } from "./node/mobyDick.ts";
export { readTextFile } from "./node/readTextFile.ts";

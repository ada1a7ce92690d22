export { dataNames, loadData } from "./node/loadData.ts";
export { mobyDick } from "./node/mobyDick.ts";
export { readTextFile } from "./node/readTextFile.ts";

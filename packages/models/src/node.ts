export { dataNames, type LoadOptions, loadData } from "./node/loadData.ts";
export { mobyDick } from "./node/mobyDick.ts";
export { readTextFile } from "./node/readTextFile.ts";
export { readTokenizer } from "./node/readTokenizer.ts";
export { textTokens } from "./node/textTokens.ts";
export { openSafetensors, openSafetensorsSync } from "./safetensors/openSafetensors.ts";
export { writeSafetensors } from "./safetensors/writeSafetensors.ts";
export { loadPretrained, savePretrained } from "./weights/loadPretrained.ts";

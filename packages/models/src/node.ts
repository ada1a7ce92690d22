/** All that needs Node's own modules: files, folders and the cache. Nothing else leads to them. */

export { loadPretrained, savePretrained } from "./checkpoint/loadPretrained.ts";
export { loadState } from "./checkpoint/loadState.ts";
export { openSafetensors, openSafetensorsSync } from "./checkpoint/openSafetensors.ts";
export { saveState } from "./checkpoint/saveState.ts";
export { writeSafetensors } from "./checkpoint/writeSafetensors.ts";
export { dataNames } from "./data/named/dataNames.ts";
export { type LoadOptions, loadData } from "./data/named/loadData.ts";
export { mobyDick } from "./data/text/mobyDick.ts";
export { readTextFile } from "./data/text/readTextFile.ts";
export { readTokenizer } from "./data/tokenizers/readTokenizer.ts";
export { textTokens } from "./data/tokens/textTokens.ts";
export { replaceFile } from "./files/replaceFile.ts";
export { sha256 } from "./files/sha256.ts";
export { syncFolder } from "./files/syncFolder.ts";
export { writeDurably } from "./files/writeDurably.ts";
export { writeFully } from "./files/writeFully.ts";

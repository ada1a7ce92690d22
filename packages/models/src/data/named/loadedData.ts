import type { LoadedImages } from "../images/loadedImages.ts";
import type { LoadedText } from "../text/loadedText.ts";
import type { LoadedTokens } from "../tokens/loadedTokens.ts";

export type LoadedData = LoadedText | LoadedTokens | LoadedImages;

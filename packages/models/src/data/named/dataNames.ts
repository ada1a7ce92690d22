import { namedData } from "./namedData.ts";

/** The name of the text that comes with this package. */
export const defaultText = "moby-dick";

/** What `loadData` knows by name. */
export const dataNames: readonly string[] = [defaultText, ...Object.keys(namedData)];

import { sha256 } from "@steepest/models/node";

import type { SweepFile } from "./sweepFile.ts";

const ID_LENGTH = 10;

/** What a sweep is called outside of its folder: the same wherever the folder is moved to. */
export const sweepId = ({ created, command }: Pick<SweepFile, "created" | "command">): string =>
  sha256(`${created} ${command}`).slice(0, ID_LENGTH);

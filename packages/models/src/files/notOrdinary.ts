import { DataError } from "../data/dataError.ts";

/** For a pipe, a device or a socket, which may never end or never begin. */
export const notOrdinary = (path: string): DataError =>
  new DataError(
    "unreadable",
    `${path} is no ordinary file (a pipe or a device): write its content to a file first`,
  );

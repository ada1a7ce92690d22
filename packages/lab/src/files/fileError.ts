/** A file or folder could not be written or read; the message says which, why and what to do. */
export class FileError extends Error {
  override readonly name = "FileError";
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space",
  EDQUOT: "the disk quota is used up: free some space",
  EFBIG: "the file would be larger than the file system or the user's limit allows",
  EROFS: "the file system is read-only: choose another folder",
  EACCES: "permission denied: choose a folder that you may write to",
  EPERM: "the operation is not permitted: choose a folder that you may write to",
  ENOENT: "it does not exist: check the path",
  ENOTDIR: "a part of the path is a file, not a folder: check the path",
  EISDIR: "it is a folder: check the path",
  EEXIST: "it exists already: choose another name",
  EMFILE: "too many files are open",
  EIO: "the disk reports an input/output error",
};

/** A system error in words; anything else as it is. `doing` reads like "write the checkpoint". */
export function fileError(doing: string, path: string, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error && "syscall" in error)) return error;
  const code = String(error.code);
  return new FileError(`cannot ${doing} ${path}: ${reasons[code] ?? "the system refuses"} (${code})`, {
    cause: error,
  });
}

/** Whether an error is a system error with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

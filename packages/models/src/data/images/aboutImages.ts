/** Said of a set by name; of a path nothing is known. */
export interface AboutImages {
  readonly classNames?: readonly string[];
  /** Of training and test. */
  readonly counts?: readonly [number, number];
  /** Gets each file's content as it was before compression. */
  readonly check?: (path: string, content: Uint8Array) => void;
  /** CIFAR-10 batches of any number and size. */
  readonly partial?: boolean;
}

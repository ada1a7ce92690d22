import { homedir } from "node:os";
import { join } from "node:path";

/** A data set that has a name, and where it may lie. */
export interface NamedData {
  /** Folders on a machine where a package puts it. */
  readonly systemFolders: readonly string[];
  /** Names of its folder inside a data folder. */
  readonly folderNames: readonly string[];
  /** A file that must be there. */
  readonly mark: RegExp;
  /** One sentence on how to get it, after "to get it, ". */
  readonly howToGet: string;
  readonly classNames?: readonly string[];
}

const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

export const namedData = {
  "fashion-mnist": {
    systemFolders: ["/usr/share/datasets/fashion-mnist"],
    folderNames: ["fashion-mnist"],
    mark: /^train-images[-.]idx3-ubyte(\.gz)?$/,
    howToGet:
      "install the Debian or Ubuntu package dataset-fashion-mnist (apt install dataset-fashion-mnist)",
    classNames: [
      "T-shirt/top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
  },
  mnist: {
    systemFolders: [],
    folderNames: ["mnist", "MNIST", "MNIST/raw"],
    mark: /^train-images[-.]idx3-ubyte(\.gz)?$/,
    howToGet:
      'get the four files train-images-idx3-ubyte.gz … t10k-labels-idx1-ubyte.gz of "The MNIST database of ' +
      'handwritten digits" (LeCun, Cortes, Burges)',
    classNames: digits,
  },
  cifar10: {
    systemFolders: [],
    folderNames: ["cifar10", "cifar-10", "cifar-10-batches-bin"],
    mark: /^data_batch_1\.bin$/,
    howToGet:
      'get the "CIFAR-10 binary version" from the home page "The CIFAR-10 dataset" (Alex Krizhevsky, University ' +
      "of Toronto) and unpack it",
  },
} satisfies Record<string, NamedData>;

/** Where data sets are looked for: `$STEEPEST_DATA`, `data` here, and `steepest` in the user's data folder. */
export function dataFolders(environment: NodeJS.ProcessEnv = process.env): string[] {
  const own = environment["STEEPEST_DATA"];
  const home = environment["XDG_DATA_HOME"] || join(homedir(), ".local", "share");
  return [...(own ? [own] : []), "data", join(home, "steepest")];
}

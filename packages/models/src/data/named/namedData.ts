import { homedir } from "node:os";
import { join } from "node:path";
import { cifarClassNames } from "../images/cifarImages.ts";

/** A file of a published set, by its content once it is unpacked. */
export interface PublishedFile {
  /** Without `.gz`. */
  readonly name: RegExp;
  readonly algorithm: "sha256" | "md5";
  readonly digest: string;
}

interface Named {
  /** What it is, in a few words. */
  readonly about: string;
  /** Names of its folder inside a data folder; the first is where the command puts it. */
  readonly folderNames: readonly string[];
  /** Where it comes from, and the command that brings it there. `FOLDER` stands for a data folder. */
  readonly from: string;
  readonly command: string;
}

/** A set of images that has a name, and where it may lie. */
export interface NamedImages extends Named {
  readonly kind: "images";
  /** Folders on a machine where a package puts it. */
  readonly systemFolders: readonly string[];
  /** A file that must be there. */
  readonly mark: RegExp;
  readonly classNames: readonly string[];
  /** Of training and test. */
  readonly counts: readonly [number, number];
  /** All files of the set. */
  readonly files: readonly PublishedFile[];
}

/** Texts that have a name: a folder of Parquet files or token shards. */
export interface NamedTexts extends Named {
  readonly kind: "texts";
}

export type NamedData = NamedImages | NamedTexts;

const idxMark = /^train-images[-.]idx3-ubyte(\.gz)?$/;

/** The four idx files, by the SHA-256 of what is in them. */
function idxFiles(
  digests: Record<"trainImages" | "trainLabels" | "testImages" | "testLabels", string>,
): PublishedFile[] {
  const { trainImages, trainLabels, testImages, testLabels } = digests;
  return [
    { name: /^train-images/, algorithm: "sha256", digest: trainImages },
    { name: /^train-labels/, algorithm: "sha256", digest: trainLabels },
    { name: /^(t10k|test)-images/, algorithm: "sha256", digest: testImages },
    { name: /^(t10k|test)-labels/, algorithm: "sha256", digest: testLabels },
  ];
}

export const namedData: Readonly<Record<string, NamedData>> = {
  "fashion-mnist": {
    kind: "images",
    about:
      "Fashion-MNIST, 70,000 grey images of 28 × 28 in 10 classes of clothing (Xiao, Rasul & Vollgraf 2017)",
    systemFolders: ["/usr/share/datasets/fashion-mnist"],
    folderNames: ["fashion-mnist"],
    mark: idxMark,
    from: "the Debian or Ubuntu package dataset-fashion-mnist",
    command: "apt install dataset-fashion-mnist",
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
    counts: [60_000, 10_000],
    files: idxFiles({
      trainImages: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      trainLabels: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      testImages: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      testLabels: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    }),
  },
  mnist: {
    kind: "images",
    about: "MNIST, 70,000 grey images of 28 × 28 of handwritten digits (LeCun, Cortes & Burges 1998)",
    systemFolders: [],
    folderNames: ["mnist", "MNIST", "MNIST/raw"],
    mark: idxMark,
    from: "the copy that torchvision uses",
    command:
      "curl --create-dirs --output-dir FOLDER --remote-name-all " +
      '"https://ossci-datasets.s3.amazonaws.com/mnist/{train,t10k}-{images-idx3,labels-idx1}-ubyte.gz"',
    classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    counts: [60_000, 10_000],
    files: idxFiles({
      trainImages: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      trainLabels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      testImages: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      testLabels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    }),
  },
  cifar10: {
    kind: "images",
    about: "CIFAR-10, 60,000 colour images of 32 × 32 in 10 classes (Krizhevsky 2009), in its binary version",
    systemFolders: [],
    folderNames: ["cifar10", "cifar-10", "cifar-10-batches-bin"],
    mark: /^data_batch_1\.bin$/,
    from: "https://www.cs.toronto.edu/~kriz/cifar.html",
    command:
      "mkdir -p FOLDER && curl https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz | " +
      "tar -xz -C FOLDER --strip-components 1",
    classNames: cifarClassNames,
    counts: [50_000, 10_000],
    files: [
      { name: /^data_batch_1\.bin$/, algorithm: "md5", digest: "5dd7e06a14cb22eb9f671a540d1b7c25" },
      { name: /^data_batch_2\.bin$/, algorithm: "md5", digest: "5ea93a67294ea407fff1d09f752e9692" },
      { name: /^data_batch_3\.bin$/, algorithm: "md5", digest: "942cd6a4bcdd0dd3c604fbe906cb4421" },
      { name: /^data_batch_4\.bin$/, algorithm: "md5", digest: "ae636b3ba5c66a11e91e8cb52e771fcb" },
      { name: /^data_batch_5\.bin$/, algorithm: "md5", digest: "53f37980c15c3d472c316c40844f3f0d" },
      { name: /^test_batch\.bin$/, algorithm: "md5", digest: "803d5f7f4d78ea53de84dbe85f74fb6d" },
    ],
  },
  c4: {
    kind: "texts",
    about: "C4, English web text, cleaned (Raffel et al. 2020)",
    folderNames: ["c4"],
    from: "https://huggingface.co/datasets/allenai/c4, in the Parquet version that Hugging Face makes of it",
    command:
      "hf download allenai/c4 --repo-type dataset --revision refs/convert/parquet " +
      '--include "en/partial-train/000[01].parquet" --local-dir FOLDER',
  },
  fineweb: {
    kind: "texts",
    about: "FineWeb, English web text, filtered (Penedo et al. 2024)",
    folderNames: ["fineweb", "fineweb10B"],
    from: "https://huggingface.co/datasets/HuggingFaceFW/fineweb",
    command:
      "hf download HuggingFaceFW/fineweb --repo-type dataset " +
      '--include "sample/10BT/000_00000.parquet" --local-dir FOLDER',
  },
  pile: {
    kind: "texts",
    about: "the Pile without duplicates, English text of many kinds (Gao et al. 2020)",
    folderNames: ["pile"],
    from: "https://huggingface.co/datasets/EleutherAI/the_pile_deduplicated",
    command:
      "hf download EleutherAI/the_pile_deduplicated --repo-type dataset " +
      '--include "data/train-0000[01]-*.parquet" --local-dir FOLDER',
  },
};

/** Where data sets are looked for: `$STEEPEST_DATA`, `data` here, and `steepest` in the user's data folder. */
export function dataFolders(environment: NodeJS.ProcessEnv = process.env): string[] {
  const own = environment["STEEPEST_DATA"];
  const home = environment["XDG_DATA_HOME"] || join(homedir(), ".local", "share");
  return [...(own ? [own] : []), "data", join(home, "steepest")];
}

/** Folders that may hold a set, in the order they are looked at. */
export function foldersOf(about: NamedData): string[] {
  const inDataFolders = dataFolders().flatMap((folder) =>
    about.folderNames.map((name) => join(folder, name)),
  );
  return about.kind === "images" ? [...inDataFolders, ...about.systemFolders] : inDataFolders;
}

/** What a set is, where it comes from and the command that brings it to this machine, into `folder` or a data folder. */
export function howToGet(name: string, about: NamedData, folder = foldersOf(about)[0] ?? name): string {
  const { command } = about;
  const tool = command.startsWith("hf ") ? "; hf comes with pip install huggingface_hub" : "";
  return (
    `it is ${about.about}, from ${about.from}: ${command.replaceAll("FOLDER", folder)} ` +
    `(${command.includes("FOLDER") ? `it is then found in ${folder}` : "it is then found"} as --data ${name}${tool})`
  );
}

import type { LoadedImages } from "@steepest/models";
import { loadData } from "@steepest/models/node";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { pngFile } from "#test-support/pngFile.ts";
import { classFolders } from "../src/data/images/classFolders.ts";
import { readImage, readImageHeader } from "../src/data/images/readImage.ts";
import { type ImageFolderOptions, isImageFolder } from "../src/data/images/readImageFolder.ts";
import { splitByClass } from "../src/data/images/splitByClass.ts";
import { counting, problem, testFolder } from "./dataFiles.ts";

const folder = testFolder();

async function images(name: string, options: ImageFolderOptions = {}): Promise<LoadedImages> {
  const data = await loadData(folder.path(name), options);
  if (data.kind !== "images") throw new Error(data.kind);
  return data;
}

const grey = (value: number, width = 2, height = 2): Buffer =>
  pngFile(width, height, Array(width * height).fill(value), { channels: 1 });

describe("the folders of classes", () => {
  const of = (...files: string[]) => classFolders(files, "pets");

  test("are sorted, and so are their files, however deep", () => {
    expect(of("dog/2.png", "cat/b/1.png", "dog/1.png", "cat/3.png")).toEqual({
      classNames: ["cat", "dog"],
      train: [
        { file: "cat/3.png", label: 0 },
        { file: "cat/b/1.png", label: 0 },
        { file: "dog/1.png", label: 1 },
        { file: "dog/2.png", label: 1 },
      ],
      leftOut: [],
    });
  });

  test("below train and val; a test set beside val is left out", () => {
    const found = of("test/a/9.png", "train/b/1.png", "Val/b/2.png", "train/a/3.png", "x.png");
    expect(found.validation).toEqual([{ file: "Val/b/2.png", label: 1 }]);
    expect(found.train.map(({ file }) => file)).toEqual(["train/a/3.png", "train/b/1.png"]);
    expect(found.leftOut).toEqual(["test/a/9.png", "x.png"]);
    expect(of("train/a/1.png", "train/b/1.png", "test/a/2.png").validation).toHaveLength(1);
    expect(of("train/a/1.png", "train/b/1.png").validation).toBeUndefined();
  });

  test("train may be a class", () => {
    expect(of("train/1.png", "plane/1.png").classNames).toEqual(["plane", "train"]);
  });

  test("what is not laid out like this", () => {
    expect(() => of("1.png", "cat/1.png")).toThrow(
      "pets/1.png lies in no class: put images into one subfolder per class, such as pets/cat",
    );
    expect(() => of("all/1.png", "all/2.png")).toThrow(
      "pets has images in one folder only (all): give the folder that has one subfolder per class",
    );
    expect(() => of("train/a/1.png", "train/b/1.png", "val/c/1.png")).toThrow(
      'pets/val/c/1.png is of class "c", which has no images to train on: put some into its training folder',
    );
    expect(() => of("train/a/1.png", "train/b/1.png", "val/1.png")).toThrow(
      "pets/val/1.png lies in no class: put images",
    );
  });

  test("without a validation folder, a share of each class is drawn, always the same", () => {
    const examples = Array.from({ length: 100 }, (_, i) => ({ i, label: i < 80 ? 0 : i < 99 ? 1 : 2 }));
    const { train, validation } = splitByClass(examples, 0.25, 0);
    expect([0, 1, 2].map((label) => validation.filter((one) => one.label === label).length)).toEqual([
      20, 5, 0,
    ]);
    expect([...train, ...validation].sort((a, b) => a.i - b.i)).toEqual(examples);
    expect(train).toEqual(train.toSorted((a, b) => a.i - b.i));
    expect(splitByClass(examples, 0.25, 0).validation).toEqual(validation);
    expect(splitByClass(examples, 0.25, 1).validation).not.toEqual(validation);
    expect(splitByClass(examples.slice(0, 2), 0.01, 0).validation).toHaveLength(1);
  });
});

describe("an image folder", () => {
  test("pixels plane by plane, labels by sorted class names", async () => {
    const colours = counting(12); // 2 × 2 pixels of red, green, blue
    await folder.write("rgb/train/dog/1.png", pngFile(2, 2, colours));
    await folder.write("rgb/train/cat/1.png", grey(200));
    await folder.write("rgb/val/cat/2.png", pngFile(2, 2, counting(16, 100), { channels: 4 }));
    await folder.write("rgb/README.md", "where they are from");
    const { train, test: held, sha256, source } = await images("rgb");
    expect(train).toMatchObject({ count: 2, shape: [3, 2, 2], classes: 2, classNames: ["cat", "dog"] });
    expect([...train.labels, ...held.labels]).toEqual([0, 1, 0]);
    expect([...train.pixels.subarray(0, 12)]).toEqual(Array(12).fill(200));
    expect([...train.pixels.subarray(12)]).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
    const onWhite = (value: number, alpha: number) => (value * alpha + 255 * (255 - alpha)) / 255;
    [100, 104, 108, 112].forEach((value, i) => {
      expect(Math.abs((held.pixels[i] ?? 0) - onWhite(value, value + 3))).toBeLessThanOrEqual(1);
    });
    expect(source).toBe(folder.path("rgb"));

    expect((await images("rgb")).sha256).toBe(sha256);
    await folder.write("rgb/train/dog/1.png", pngFile(2, 2, counting(12, 1)));
    expect((await images("rgb")).sha256).not.toBe(sha256);
  });

  test("grey where all are; JPEG by its content, whatever its name", async () => {
    const half = Buffer.alloc(64).fill(255, 32); // the lower half of 8 × 8 is white
    const jpeg = await sharp(half, { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace("b-w")
      .jpeg({ quality: 100 })
      .toBuffer();
    await folder.write("grey/a/1.jpg", jpeg);
    await folder.write("grey/a/2.PNG", jpeg);
    await folder.write("grey/b/1.png", pngFile(8, 8, half, { channels: 1 }));
    await folder.write("grey/b/2.png", pngFile(8, 8, half, { channels: 1 }));
    const { train, test: held } = await images("grey", { validationShare: 0.5 });
    expect([train.count, held.count]).toEqual([2, 2]);
    for (const { shape, pixels } of [train, held]) {
      expect(shape).toEqual([1, 8, 8]);
      pixels.forEach((pixel, i) => {
        expect(Math.abs(pixel - (half[i % 64] ?? 0))).toBeLessThan(4); // JPEG at quality 100
      });
    }
  });

  test("one size: the shorter side resized, the middle of the longer one kept", async () => {
    // Columns: 4 black, 8 grey, 4 white; 8 high. Its middle at half the size is 4 × 4 of grey.
    const wide = Array.from({ length: 128 }, (_, i) => (i % 16 < 4 ? 0 : i % 16 < 12 ? 99 : 255));
    for (const name of ["a/1.png", "a/2.png", "b/1.png"]) {
      await folder.write(`sizes/${name}`, pngFile(16, 8, wide, { channels: 1 }));
    }
    await folder.write("sizes/b/2.png", grey(99, 6, 9));
    await expect(loadData(folder.path("sizes"))).rejects.toEqual(
      problem(
        "unsupported",
        /differ in size \(.*a\/\d\.png is 16 × 8, .*b\/2\.png is 6 × 9\): say how .* --image-size N/,
      ),
    );
    const { train, test: held } = await images("sizes", { imageSize: 4 });
    expect([train.shape, held.shape]).toEqual([
      [1, 4, 4],
      [1, 4, 4],
    ]);
    for (const { pixels } of [train, held]) {
      for (let i = 0; i < pixels.length; i++) {
        // Lanczos looks past the crop's edge columns; the middle is exact.
        if (i % 4 === 1 || i % 4 === 2) expect(pixels[i]).toBeCloseTo(99, -1);
      }
    }
    await expect(loadData(folder.path("sizes"), { imageSize: 0 })).rejects.toThrow(
      "imageSize must be a positive integer",
    );
  });

  test("turned upright as the camera says", async () => {
    // Stored 16 × 8, the left half black; orientation 6 says that left is up.
    const stored = Uint8Array.from({ length: 128 }, (_, i) => (i % 16 < 8 ? 0 : 255));
    const photo = await sharp(stored, { raw: { width: 16, height: 8, channels: 1 } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const path = await folder.write("turned.jpg", photo);
    expect(await readImageHeader(path)).toMatchObject({ width: 8, height: 16 });
    const upright = await readImage(path, { channels: 1 });
    expect(upright).toHaveLength(128);
    expect(Math.max(...upright.subarray(0, 64))).toBeLessThan(8);
    expect(Math.min(...upright.subarray(64))).toBeGreaterThan(247);
  });

  test("16 bits a channel become 8", async () => {
    const deep = await sharp(Uint16Array.of(0, 0x8080, 0xffff, 0x4040), {
      raw: { width: 2, height: 2, channels: 1 },
    })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    const path = await folder.write("deep.png", deep);
    expect((await readImageHeader(path)).grey).toBe(true);
    expect([...(await readImage(path, { channels: 1 }))]).toEqual([0, 128, 255, 64]);
  });

  test("what it reports", async () => {
    for (const name of ["a", "b"])
      for (const i of [1, 2, 3]) await folder.write(`said/${name}/${i}.png`, grey(i));
    const lines: string[] = [];
    await images("said", { report: (line) => lines.push(line) });
    expect(lines).toEqual([
      `${folder.path("said")}: images of 1 × 2 × 2 in 2 classes; trained on 4 images, validated on 2 drawn from them`,
    ]);
  });

  test("more than 256 classes", async () => {
    for (let i = 0; i < 300; i++) {
      await folder.write(`many/train/${i}/a.png`, grey(i % 256));
      if (i === 299) await folder.write(`many/val/${i}/a.png`, grey(7));
    }
    const { train, test: held } = await images("many");
    expect(Math.max(...train.labels)).toBe(299);
    expect(train.classNames?.[held.labels[0] ?? 0]).toBe("299");
  });

  test("one image of each class is not enough", async () => {
    await folder.write("few/a/1.png", grey(1));
    await folder.write("few/b/1.png", grey(1));
    await expect(loadData(folder.path("few"))).rejects.toEqual(
      problem("tooShort", /few has one image of each class: add some to validate on/),
    );
  });
});

describe("damaged image files are named", () => {
  const failing = async (bytes: Uint8Array, expected: ReturnType<typeof problem>) => {
    const path = await folder.write("bad/b/2.png", bytes);
    await folder.write("bad/a/1.png", grey(1));
    await folder.write("bad/a/2.png", grey(1));
    await folder.write("bad/b/1.png", grey(1));
    await expect(loadData(folder.path("bad"))).rejects.toEqual(expected);
    return path;
  };

  test("no image, empty, cut short, a flipped bit", async () => {
    await failing(Buffer.from("a text"), problem("damaged", /b\/2\.png is no PNG, JPEG or WebP image: get/));
    await failing(Buffer.from("<svg/>"), problem("damaged", /b\/2\.png is no PNG/));
    await failing(Buffer.alloc(0), problem("damaged", /b\/2\.png is no PNG/));
    await failing(
      grey(1).subarray(0, 40),
      problem("damaged", /b\/2\.png is damaged \(.+\): get the file again/),
    );
    const flipped = grey(1);
    flipped[45] = (flipped[45] ?? 0) ^ 1;
    await failing(flipped, problem("damaged", /b\/2\.png is damaged \(.+\): get the file again/));
  });

  test("sizes that are not believed take no memory", async () => {
    const before = process.resourceUsage().maxRSS;
    const lying = (width: number, height: number) =>
      pngFile(2, 2, counting(12), { claimed: [width, height] });
    await failing(lying(60_000, 60_000), problem("unsupported", /b\/2\.png says it is 60000 × 60000 pixels/));
    await failing(
      lying(8000, 8000),
      problem("damaged", /b\/2\.png .*8000 × 8000 pixels cannot be in \d+ bytes/),
    );
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000); // KiB; believed, 11 GB or 192 MB
  });

  test("more than memory can hold is said before any is taken", async () => {
    await expect(images("bad-not", {})).rejects.toEqual(problem("missing", /no file or folder/));
    await folder.write("big/a/1.png", grey(1));
    await folder.write("big/a/2.png", grey(1));
    await folder.write("big/b/1.png", grey(1));
    await folder.write("big/b/2.png", grey(1));
    await expect(images("big", { imageSize: 100_000 })).rejects.toEqual(
      problem("unsupported", /4 images of 1 × 100000 × 100000 .* take 40000000000 bytes.* at most 32768 /),
    );
  });
});

test("which folders hold images", () => {
  expect(isImageFolder(["a/1.png", "a/2.JPG", "names.txt"])).toBe(true);
  expect(isImageFolder(["a.txt", "b.png"])).toBe(false);
  expect(isImageFolder([])).toBe(false);
});

describe("pictures of other kinds", () => {
  test("a class of BMP does not vanish; all of them are counted, some named", async () => {
    await folder.write("kinds/cat/1.png", grey(1));
    await folder.write("kinds/dog/1.png", grey(2));
    for (const i of [1, 2, 3, 4, 5, 6, 7, 8]) await folder.write(`kinds/owl/${i}.bmp`, Buffer.from("BM"));
    await expect(images("kinds")).rejects.toEqual(
      problem(
        "unsupported",
        /^8 of 10 files in .*kinds are pictures .*owl\/1\.bmp, .*owl\/5\.bmp, …\): convert them/,
      ),
    );
    for (const kind of ["gif", "tif", "TIFF", "heic", "avif", "svg"]) {
      await folder.write(`kind-${kind}/cat/1.png`, grey(1));
      await folder.write(`kind-${kind}/dog/1.png`, grey(1));
      await folder.write(`kind-${kind}/owl/1.${kind}`, Buffer.from("x"));
      await expect(images(`kind-${kind}`)).rejects.toEqual(problem("unsupported", /1 of 3 files/));
    }
  });

  test(".jfif and .jpe are JPEG", async () => {
    const jpeg = await sharp(grey(7, 4, 4))
      .jpeg()
      .toBuffer();
    for (const name of ["a/1.jfif", "a/2.jpe", "b/1.jfif", "b/2.JFIF"])
      await folder.write(`jfif/${name}`, jpeg);
    const { train, test: held } = await images("jfif", { validationShare: 0.5 });
    expect([train.count, held.count, train.classes]).toEqual([2, 2, 2]);
  });

  test("all files that are damaged are counted", async () => {
    for (const name of ["a/1", "a/2", "b/1", "b/2"]) await folder.write(`broken/${name}.png`, grey(3));
    for (const i of [3, 4, 5]) await folder.write(`broken/b/${i}.png`, Buffer.from("no image"));
    await expect(images("broken")).rejects.toEqual(
      problem(
        "damaged",
        /^3 of 7 images cannot be read: .*b\/3\.png is no PNG.*; the same for b\/4\.png, b\/5\.png$/,
      ),
    );
  });
});

test("what is transparent is white, whatever the size and the kind of file", async () => {
  // The left half is opaque and black, the right half transparent, white or black beneath.
  for (const beneath of [255, 0]) {
    const pixels = Buffer.alloc(8 * 8 * 4, beneath);
    for (let i = 0; i < 64; i++)
      pixels.set(i % 8 < 4 ? [0, 0, 0, 255] : [beneath, beneath, beneath, 0], 4 * i);
    const image = sharp(pixels, { raw: { width: 8, height: 8, channels: 4 } });
    const kinds = {
      "rgba.png": await image.clone().png().toBuffer(),
      "palette.png": await image.clone().png({ palette: true }).toBuffer(),
      "grey.png": await image.clone().toColourspace("b-w").png().toBuffer(),
      "rgba.webp": await image.clone().webp({ lossless: true }).toBuffer(),
    };
    for (const [name, bytes] of Object.entries(kinds)) {
      const path = await folder.write(`clear/${name}`, bytes);
      for (const size of [undefined, 8, 16]) {
        const side = size ?? 8;
        const read = await readImage(path, { channels: 1, ...(size !== undefined && { size }) });
        const at = (x: number): number => read[Math.floor(side / 2) * side + x] ?? -1;
        expect([at(1), at(side - 2)], `${name} ${size}`).toEqual([
          expect.toSatisfy((value: number) => value < 12),
          expect.toSatisfy((value: number) => value > 243),
        ]);
      }
    }
  }
});

test("a JPEG with bytes between its parts is read, one with damaged pixels is not", async () => {
  const noise = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i * 7919) % 251);
  const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 1 } })
    .jpeg()
    .toBuffer();
  const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  const stuffed = Buffer.concat([jpeg.subarray(0, scan), Buffer.from([0, 0, 0]), jpeg.subarray(scan)]);
  const path = await folder.write("jpeg/stuffed.jpg", stuffed);
  const whole = await folder.write("jpeg/whole.jpg", jpeg);
  expect(await readImage(path, { channels: 1 })).toEqual(await readImage(whole, { channels: 1 }));
  const cut = await folder.write("jpeg/cut.jpg", jpeg.subarray(0, scan + 200));
  await expect(readImage(cut, { channels: 1 })).rejects.toEqual(problem("damaged", /cut\.jpg is damaged/));
});

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { pngFile } from "#test-support/pngFile.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { cli, temporaryFolder } from "./support/microRun.ts";

let folder: string;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder, "run");
});

/** A colour picture of the class: a bright bar across or upright, at a place of its own, with noise; larger ones too. */
function picture(upright: boolean, seed: number): Buffer {
  const side = 16 + 8 * (seed % 2);
  const bar = Math.floor((0.2 + 0.1 * (seed % 6)) * side);
  const pixels = Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    const noise = 43758.5453 * Math.sin(12.9898 * (i + 1) + 78.233 * seed);
    return Math.abs((upright ? x : y) - bar) < 2 ? 220 : Math.floor(60 * (noise - Math.floor(noise)));
  });
  return pngFile(side, side, pixels);
}

/** 24 pictures of either class to train on, 8 to validate on. */
function pictures(): string {
  const data = join(folder, "bars");
  for (const [part, from, to] of [
    ["train", 0, 24],
    ["val", 24, 32],
  ] as const) {
    for (const name of ["across", "upright"]) {
      mkdirSync(join(data, part, name), { recursive: true });
      for (let i = from; i < to; i++) {
        writeFileSync(join(data, part, name, `${i}.png`), picture(name === "upright", i));
      }
    }
  }
  return data;
}

const train = (...flags: string[]) =>
  cli("train", "--threads", "1", "--batch", "12", "--out", out, "--json", ...flags);

describe("a folder of images", () => {
  test.each([
    ["cnn-small", "--widths [8,16] --steps 24", 0.9],
    ["vit-micro", "--width 32 --depth 2 --patch 4 --steps 150 --optimizer adamw --learning-rate 0.01", 0.8],
  ])("trains %s", async (model, flags, accuracy) => {
    const given = `--data ${pictures()} --image-size 16 --model ${model} --eval-every 60 ${flags}`;
    const { code, out: lines, err } = await train(...given.split(" "));
    expect(err.filter((line) => line.startsWith("error"))).toEqual([]);
    expect(code).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? "").valAccuracy).toBeGreaterThan(accuracy); // by chance 0.5
    const {
      plan,
      images,
      model: made,
      dataSha256,
    } = JSON.parse(readFileSync(join(out, "config.json"), "utf8"));
    expect(plan.imageSize).toBe(16);
    expect(images.classNames).toEqual(["across", "upright"]);
    expect(made.config).toMatchObject({ imageShape: [3, 16, 16], classes: 2 });
    expect(dataSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("one pixel that has changed since stops a resume", async () => {
    const data = pictures();
    const flags = `--data ${data} --image-size 16 --model mlp --widths [4] --steps 2`;
    expect((await train(...flags.split(" "))).code).toBe(0);
    rmSync(join(out, "summary.json"));
    expect((await resumeRun(out)).steps).toBe(2);
    rmSync(join(out, "summary.json"));
    writeFileSync(join(data, "train", "across", "0.png"), picture(false, 2));
    await expect(resumeRun(out)).rejects.toThrow(/the data .*bars have changed since .*run began/);
  });

  test("images of several sizes need one, and a damaged one is named", async () => {
    const data = pictures();
    const flags = ["--data", data, "--model", "mlp", "--steps", "1"];
    expect((await train(...flags)).err.at(-1)).toMatch(
      /^error: images differ in size \(.*0\.png is 16 × 16, .*1\.png is 24 × 24\): say .*--image-size N/,
    );
    writeFileSync(join(data, "val", "across", "30.png"), picture(false, 30).subarray(0, 300));
    expect((await train(...flags, "--image-size", "16")).err.at(-1)).toMatch(
      /^error: .*across\/30\.png is damaged \(.*\): get the file again, or take it out of the folder$/,
    );
  });
});

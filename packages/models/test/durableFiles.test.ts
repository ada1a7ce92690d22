import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import { replaceFile } from "../src/files/replaceFile.ts";
import { sha256 } from "../src/files/sha256.ts";
import { writeBeside } from "../src/files/writeBeside.ts";
import { testFolder } from "./dataFiles.ts";

const folder = testFolder();
const host = sha256(hostname()).slice(0, 8);

/** What a process that is gone, or another machine, may have left. */
function leave(owner: string, pid: number, hoursAgo = 0): string {
  const path = folder.path(`tokens.${owner}-${pid}-0123abcd.part`);
  writeFileSync(path, "half");
  const time = Date.now() / 1000 - hoursAgo * 3600;
  utimesSync(path, time, time);
  return path;
}

test("what killed processes left beside a file is removed when the next one is written", async () => {
  const { pid: gone = 0 } = spawnSync(process.execPath, ["-e", ""]);
  for (const write of [
    () => writeBeside(folder.path("tokens"), (file) => file.writeFile("whole")),
    async () => replaceFile(folder.path("tokens"), "whole"),
  ]) {
    const abandoned = [leave(host, gone), leave("0badcafe", 1, 25)];
    const alive = [leave(host, process.pid), leave("0badcafe", 2)];
    await write();
    expect(readFileSync(folder.path("tokens"), "utf8")).toBe("whole");
    expect(abandoned.filter((path) => existsSync(path))).toEqual([]);
    expect(alive.filter((path) => !existsSync(path))).toEqual([]);
  }
});

test("a write that fails leaves the old file and nothing beside it", async () => {
  const path = folder.path("kept/file");
  await writeBeside(path, (file) => file.writeFile("old"));
  const fail = writeBeside(path, async (file) => {
    await file.writeFile("new");
    throw new Error("disk full");
  });
  await expect(fail).rejects.toThrow("disk full");
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder.path("kept"))).toEqual(["file"]);
});

import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { madeLine, writeMadeRun } from "#test-support/madeRuns.ts";
import { openRunIndex } from "../src/serve/runIndex.ts";
import { type RunningServer, startServer } from "../src/serve/startServer.ts";

const SECRET = "nobody may read this";
let folder = "";
let server: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "steepest-serve-"));
  const app = join(folder, "app");
  mkdirSync(join(app, "assets"), { recursive: true });
  writeFileSync(join(app, "index.html"), "<title>the app</title>");
  writeFileSync(join(app, "assets/a.js"), "export {};");
  writeFileSync(join(folder, "secret.txt"), SECRET);
  const runs = join(folder, "runs");
  writeMadeRun(join(runs, "muon"), {});
  writeMadeRun(join(runs, "compared/adamw-seed0"), { optimizer: "adamw" });
  writeFileSync(join(runs, "compared/compare.json"), "{}");
  writeHostileRuns(runs);
  server = await startServer({ folders: [runs], app, host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Folders that lie about themselves, lead out of the place, or would make a reader wait for ever. */
function writeHostileRuns(runs: string): void {
  const secret = join(folder, "secret.txt");
  for (const name of [
    "linked-config",
    "linked-metrics",
    "linked-summary",
    "pipe",
    "markup<b>\n\u202e",
    "folder",
  ])
    writeMadeRun(join(runs, name), {});
  const swap = (path: string): string => {
    rmSync(join(runs, path));
    return join(runs, path);
  };
  symlinkSync(secret, swap("linked-config/config.json"));
  symlinkSync(secret, swap("linked-metrics/metrics.jsonl"));
  symlinkSync(secret, swap("linked-summary/summary.json"));
  symlinkSync(secret, join(runs, "muon/sample.txt"));
  symlinkSync(folder, join(runs, "outside"));
  execFileSync("mkfifo", [swap("pipe/summary.json"), join(runs, "pipe/sample.txt")]);
  mkdirSync(swap("folder/config.json"));
  mkdirSync(join(runs, "garbage"));
  writeFileSync(join(runs, "garbage/config.json"), '{"plan":{"optimizer":{"__proto__":1}}}');
  writeFileSync(join(runs, "garbage/metrics.jsonl"), Buffer.from([0xff, 0xfe, 10, 0, 10]));
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

/** Sends a path as it stands there, which `fetch` would tidy up first. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  port = server.port,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", path, headers, method }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

test("lists good runs, names bad ones, and follows no link", async () => {
  const { runs, folders, unreadable } = JSON.parse((await ask("/api/runs")).body);
  const ids = runs.map(({ id }: { id: string }) => id).sort();
  expect(ids).toEqual([
    "runs/compared/adamw-seed0",
    "runs/linked-metrics",
    "runs/markup<b>\n\u202e",
    "runs/muon",
  ]);
  expect(folders).toEqual([{ id: "runs/compared", kind: "compare" }]);
  expect(unreadable.map((line: string) => line.split(":")[0]).sort()).toEqual([
    "runs/folder",
    "runs/garbage",
    "runs/linked-config",
    "runs/linked-summary",
    "runs/pipe",
  ]);
  expect((await ask("/api/run?run=runs/muon")).body).not.toContain(SECRET);
  expect(JSON.parse((await ask("/api/series?run=runs/linked-metrics")).body).curves[0].x).toEqual([]);
});

test("no address leads out of the folders, and none brings the server down", async () => {
  const bits = fc.constantFrom(
    "..",
    ".",
    "/",
    "\\",
    "%2e%2e",
    "%2f",
    "%5c",
    "%00",
    "%",
    "secret.txt",
    "runs",
    "muon",
    "api",
    "run",
  );
  const more = fc.constantFrom(
    "?run=",
    "&run=",
    "?folder=",
    "?metric=",
    "?from=1e999",
    "&buckets=-1",
    "?smooth=NaN",
    "assets",
  );
  const path = fc
    .array(fc.oneof(bits, more, fc.string()), { maxLength: 9 })
    .map((parts) => `/${parts.join("/")}`);
  const start = fc.constantFrom(
    "",
    "/api/run?run=",
    "/api/series?run=runs/muon&x=",
    "/api/sweep?folder=",
    "/assets/",
  );
  await fc.assert(
    fc.asyncProperty(start, path, async (first, rest) => {
      const { status, body } = await ask(encodeURI(first + rest).replaceAll("%25", "%"));
      expect([200, 400, 404]).toContain(status);
      expect(body).not.toContain(SECRET);
    }),
    { numRuns: 150 },
  );
  for (const target of [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/assets/../../secret.txt",
    "//secret.txt",
    "/api/run?run=../secret.txt",
  ])
    expect((await ask(target)).body).not.toContain(SECRET);
  expect((await ask("/api/runs")).status).toBe(200);
});

test("bytes that are no request, and half of one, leave others alone", async () => {
  for (const text of [
    "\0\0\0\r\n\r\n",
    "GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET / HTTP/1.1\r\nHost:",
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, "127.0.0.1", () => socket.end(text));
      socket.on("error", () => {}).on("close", () => resolve());
      socket.resume();
    });
  }
  expect((await ask("/api/runs")).status).toBe(200);
});

test("only reads, and says what it wants", async () => {
  for (const method of ["POST", "PUT", "DELETE"])
    expect((await ask("/api/runs", {}, method)).status).toBe(405);
  const wrong = await ask("/api/series?run=runs/muon&metric=nonsense");
  expect([wrong.status, JSON.parse(wrong.body).error]).toEqual([
    400,
    expect.stringMatching(/^metric must be one of loss/),
  ]);
  expect((await ask("/api/series")).status).toBe(400);
  expect((await ask("/api/run?run=runs/none")).status).toBe(404);
  expect((await ask("/api/nothing")).status).toBe(404);
  expect((await ask("/none.js")).status).toBe(404);
  expect((await ask("/a/page")).body).toContain("the app");
});

test("every answer isolates its page and allows no foreign script", async () => {
  for (const path of ["/", "/api/runs", "/assets/a.js", "/none.js", "/api/none"]) {
    const { headers } = await ask(path);
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/,
    );
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  }
});

test("a page of another name that points here gets nothing", async () => {
  expect((await ask("/api/runs", { host: "evil.example" })).status).toBe(403);
  expect((await ask("/api/runs", { host: `localhost.evil.example:${server.port}` })).status).toBe(403);
  expect((await ask("/api/runs", { host: `localhost:${server.port}` })).status).toBe(200);
});

test("with a token, only who has it reads; the address is rid of it", async () => {
  const settings = {
    folders: [join(folder, "runs/compared")],
    app: join(folder, "app"),
    host: "127.0.0.1",
    port: 0,
  };
  const guarded = await startServer({ ...settings, token: "right" });
  const knock = (path: string, headers = {}) => ask(path, headers, "GET", guarded.port);
  expect((await knock("/api/runs")).status).toBe(403);
  expect((await knock("/api/runs?token=wrong")).status).toBe(403);
  expect((await knock("/", { cookie: "steepest_token=righ" })).status).toBe(403);
  const entered = await knock("/runs?sort=seed&token=right");
  expect([entered.status, entered.headers.location]).toEqual([303, "/runs?sort=seed"]);
  expect(entered.headers["set-cookie"]?.[0]).toMatch(/^steepest_token=right; HttpOnly; SameSite=Strict/);
  expect((await knock("/api/runs", { cookie: "a=b; steepest_token=right", host: "box" })).status).toBe(200);
  await guarded.close();
});

test("100 pages hear of a run that grows, of one that writes and of one that is new", async () => {
  const heard: string[] = [];
  const streams = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const stop = new AbortController();
      const address = `http://127.0.0.1:${server.port}/api/live?run=runs/muon`;
      const response = await fetch(address, { signal: stop.signal });
      const reading = (async () => {
        for await (const part of response.body ?? [])
          heard[i] = (heard[i] ?? "") + Buffer.from(part).toString();
      })().catch(() => {}); // given up below
      return { stop, reading };
    }),
  );
  expect(server.streams).toBe(100);
  appendFileSync(join(folder, "runs/muon/metrics.jsonl"), madeLine(201));
  writeFileSync(join(folder, "runs/muon/samples.jsonl"), '{"step":1,"text":"a"}\n');
  writeMadeRun(join(folder, "runs/new"), {});
  const all = (word: string): boolean => heard.filter((text) => text.includes(word)).length === 100;
  const words = ['event: run\ndata: "runs/muon"', 'event: texts\ndata: "runs/muon"', "event: runs\n"];
  try {
    // A loop without an end would hang where an event is lost; this is no claim about speed.
    await expect.poll(() => words.filter((word) => !all(word)), { timeout: 120_000 }).toEqual([]);
  } finally {
    for (const { stop } of streams) stop.abort();
    await Promise.all(streams.map(({ reading }) => reading));
  }
  while (server.streams > 0) await new Promise((next) => setTimeout(next, 20));
});

test("folders that did not change are not read again, and those that did are", () => {
  const runs = join(folder, "indexed");
  writeMadeRun(join(runs, "one"), { steps: 10, made: 4 });
  const index = openRunIndex([runs]);
  const first = index.refresh();
  expect(index.refresh()).toBe(first);
  expect(first.runs[0]).toMatchObject({ id: "indexed/one", status: "unfinished", unit: "tokens" });
  writeMadeRun(join(runs, "one"), { steps: 10 });
  expect(index.refresh().runs[0]?.status).toBe("finished");
  rmSync(join(runs, "one"), { recursive: true });
  expect(index.refresh().runs).toEqual([]);
  expect(index.pathOf("indexed/one")).toBeUndefined();
  expect(() => openRunIndex([join(folder, "nowhere")])).toThrow(/there is no folder/);
});

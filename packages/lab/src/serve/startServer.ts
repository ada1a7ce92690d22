import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { accessOf, tokenCookie } from "./access.ts";
import { answerQuestion, type Sources } from "./answerQuestion.ts";
import { type AppFile, readAppFiles } from "./appFiles.ts";
import { type LiveFeed, openLiveFeed } from "./liveFeed.ts";
import { QuestionError } from "./questionError.ts";
import { readRuns } from "./readQuestion.ts";
import { openRunIndex } from "./runIndex.ts";
import { safeHeaders } from "./safeHeaders.ts";
import { openSeriesStore } from "./seriesStore.ts";

export interface ServerSettings {
  /** Folders with runs. */
  readonly folders: readonly string[];
  /** The folder with the built app. */
  readonly app: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Who has it may read; without one, who is on this machine. */
  readonly token?: string | undefined;
}

export interface RunningServer {
  readonly port: number;
  /** Pages that listen for news now. */
  readonly streams: number;
  close(): Promise<void>;
}

const ZIP_FROM = 1400;
const zip = promisify(gzip);

/** Serves the app and the runs in folders, which are only read. Throws `FileError`, or the error of the port. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const files = readAppFiles(settings.app);
  const index = openRunIndex(settings.folders);
  index.refresh();
  const sources: Sources = { index, store: openSeriesStore() };
  const feed = openLiveFeed(index);
  const server = createServer((request, response) => {
    response.on("error", () => {}); // the reader is gone
    void answer(request, response, { ...settings, files, sources, feed }).catch((error: unknown) =>
      fail(response, error),
    );
  });
  await listen(server, settings);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : settings.port,
    get streams() {
      return feed.streams;
    },
    async close() {
      feed.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Served extends ServerSettings {
  readonly files: ReadonlyMap<string, AppFile>;
  readonly sources: Sources;
  readonly feed: LiveFeed;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { files, sources, feed, token }: Served,
) {
  for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    throw new QuestionError(405, "this server only reads");
  }
  const url = urlOf(request);
  const access = accessOf(request, url, token);
  if (access === "refused")
    throw new QuestionError(
      403,
      "open the address that steepest serve printed, with its token where it has one",
    );
  if (access === "enter" && token !== undefined) {
    url.searchParams.delete("token");
    response
      .writeHead(303, { "Set-Cookie": tokenCookie(token), Location: `${url.pathname}${url.search}` })
      .end();
    return;
  }
  if (url.pathname === "/api/live") return stream(request, response, feed, readRuns(url.searchParams, 0));
  if (url.pathname.startsWith("/api/")) {
    const body = Buffer.from(JSON.stringify(await answerQuestion(url, sources)));
    response.setHeader("Cache-Control", "no-store");
    return send(request, response, "application/json; charset=utf-8", body, () => zip(body, { level: 1 }));
  }
  if (files.has(`${url.pathname}/index.html`)) {
    response.writeHead(308, { Location: `${url.pathname}/${url.search}` }).end(); // links of its page start from the folder
    return;
  }
  return sendFile(request, response, fileOf(files, url.pathname));
}

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? "/", "http://localhost");
  } catch {
    throw new QuestionError(400, "the address cannot be read");
  }
}

/** A file, or that of a folder of pages; every other address without an ending is a page, which the app itself finds. */
function fileOf(files: ReadonlyMap<string, AppFile>, path: string): AppFile {
  const folder = path.endsWith("/") ? files.get(`${path}index.html`) : undefined;
  const file = files.get(path) ?? folder ?? (/\.\w+$/.test(path) ? undefined : files.get("/index.html"));
  if (file === undefined) throw new QuestionError(404, "there is no such file");
  return file;
}

function stream(
  request: IncomingMessage,
  response: ServerResponse,
  feed: LiveFeed,
  runs: readonly string[],
): void {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  if (request.method === "HEAD" || !feed.connect(response, runs)) response.end();
}

async function sendFile(request: IncomingMessage, response: ServerResponse, file: AppFile): Promise<void> {
  response.setHeader("ETag", file.etag);
  response.setHeader("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (request.headers["if-none-match"] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  await send(request, response, file.type, file.bytes, () => file.zipped());
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  type: string,
  bytes: Buffer,
  zipped: () => Promise<Buffer>,
): Promise<void> {
  const small = bytes.length >= ZIP_FROM && /\bgzip\b/.test(String(request.headers["accept-encoding"]));
  const body = small ? await zipped() : bytes;
  if (small) response.setHeader("Content-Encoding", "gzip");
  response.setHeader("Vary", "Accept-Encoding");
  response.writeHead(200, { "Content-Type": type, "Content-Length": body.length });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** What was not asked rightly is told; what is wrong here only that it is. */
function fail(response: ServerResponse, error: unknown): void {
  const known = error instanceof QuestionError;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const message = known ? error.message : "something went wrong in this server";
  response.writeHead(known ? error.status : 500, {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
  });
  response.end(JSON.stringify({ error: message }));
}

function listen(server: Server, { host, port }: ServerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

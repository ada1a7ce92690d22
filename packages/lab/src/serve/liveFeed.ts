import type { ServerResponse } from "node:http";
import { join } from "node:path";

import { regularFile } from "./regularFile.ts";
import type { RunIndex } from "./runIndex.ts";

const TICK_MS = 700;
/** The folders are looked through at every so many ticks. */
const INDEX_TICKS = 3;
const HEARTBEAT_TICKS = 20;
/** More pages at once are refused: each holds a connection. */
const MOST_STREAMS = 256;
/** A reader that is so far behind gets nothing until it has caught up: it asks for what is there then anyway. */
const MOST_WAITING = 1 << 16;

export interface LiveFeed {
  /** Opens a stream of events for a page that shows these runs; false where there are too many. */
  connect(response: ServerResponse, runs: readonly string[]): boolean;
  readonly streams: number;
  close(): void;
}

interface Stream {
  readonly response: ServerResponse;
  readonly runs: ReadonlySet<string>;
}

/**
 * Tells pages what changed, as server-sent events: `run` with the address of a run whose metrics grew, `runs` with the version of the
 * list. Events carry no numbers: a page asks for those it shows, at the width it shows them, however long the run is. The
 * folders are looked at while somebody listens, once for all who do.
 */
export function openLiveFeed(index: RunIndex): LiveFeed {
  const streams = new Set<Stream>();
  let states = new Map<string, string>();
  let version = -1;
  let ticks = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  function tick(): void {
    ticks++;
    if (ticks % INDEX_TICKS === 0) {
      const list = index.refresh();
      if (version >= 0 && list.version !== version) send(() => `event: runs\ndata: ${list.version}\n\n`);
      version = list.version;
    }
    const watched = new Map<string, string>();
    for (const { runs } of streams) for (const id of runs) if (!watched.has(id)) watched.set(id, stateOf(id));
    const changed = [...watched].filter(([id, state]) => states.has(id) && states.get(id) !== state);
    states = watched;
    const ids = changed.map(([id]) => id);
    send(({ runs }) =>
      ids
        .filter((id) => runs.has(id))
        .map((id) => `event: run\ndata: ${JSON.stringify(id)}\n\n`)
        .join(""),
    );
    if (ticks % HEARTBEAT_TICKS === 0) send(() => ": still here\n\n");
  }

  function stateOf(id: string): string {
    const folder = index.pathOf(id);
    if (folder === undefined) return "gone";
    const files = ["metrics.jsonl", "summary.json", "watch.jsonl"];
    const found = files.map((name) => regularFile(join(folder, name)));
    return found.map((file) => `${file?.size} ${file?.mtimeMs}`).join(" ");
  }

  function send(text: (stream: Stream) => string): void {
    for (const stream of streams) {
      const { response } = stream;
      const part = text(stream);
      if (part !== "" && response.writableLength < MOST_WAITING) response.write(part);
    }
  }

  return {
    connect(response, runs) {
      if (streams.size >= MOST_STREAMS) return false;
      const stream: Stream = { response, runs: new Set(runs) };
      streams.add(stream);
      for (const id of stream.runs) if (!states.has(id)) states.set(id, stateOf(id));
      response.on("close", () => {
        streams.delete(stream);
        if (streams.size > 0) return;
        clearInterval(timer);
        timer = undefined;
        states = new Map();
      });
      response.write("retry: 2000\n: connected\n\n");
      if (timer === undefined) {
        version = index.refresh().version;
        timer = setInterval(tick, TICK_MS);
      }
      return true;
    },
    get streams() {
      return streams.size;
    },
    close() {
      clearInterval(timer);
      for (const { response } of streams) response.end();
    },
  };
}

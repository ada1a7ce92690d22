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

/** By event, the files of a run that it tells of. */
const told = {
  run: ["metrics.jsonl", "summary.json", "watch.jsonl"],
  texts: ["samples.jsonl", "sample.txt"],
} as const;
const events = ["run", "texts"] as const satisfies readonly (keyof typeof told)[];

type States = Readonly<Record<keyof typeof told, string>>;

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
 * Tells pages what changed, as server-sent events: `run` with the address of a run whose metrics grew, `texts` with that of one
 * that wrote, `runs` with the version of the list. Events carry no numbers: a page asks for those it shows, at the width it shows them, however long the run is. The
 * folders are looked at while somebody listens, once for all who do.
 */
export function openLiveFeed(index: RunIndex): LiveFeed {
  const streams = new Set<Stream>();
  let states = new Map<string, States>();
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
    const watched = new Map<string, States>();
    for (const { runs } of streams)
      for (const id of runs) if (!watched.has(id)) watched.set(id, statesOf(id));
    const changed = [...watched].flatMap(([id, now]) => {
      const before = states.get(id);
      if (before === undefined) return [];
      return events.flatMap((event) => (before[event] === now[event] ? [] : [{ id, event }]));
    });
    states = watched;
    send(({ runs }) =>
      changed
        .filter(({ id }) => runs.has(id))
        .map(({ id, event }) => `event: ${event}\ndata: ${JSON.stringify(id)}\n\n`)
        .join(""),
    );
    if (ticks % HEARTBEAT_TICKS === 0) send(() => ": still here\n\n");
  }

  function statesOf(id: string): States {
    const folder = index.pathOf(id);
    const stampOf = (name: string): string => {
      const file = folder === undefined ? undefined : regularFile(join(folder, name));
      return `${file?.size} ${file?.mtimeMs}`;
    };
    return { run: told.run.map(stampOf).join(" "), texts: told.texts.map(stampOf).join(" ") };
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
      for (const id of stream.runs) if (!states.has(id)) states.set(id, statesOf(id));
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

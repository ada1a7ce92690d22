import { Worker } from "node:worker_threads";

/** Seconds that a process which computes without listening has, after SIGTERM or SIGHUP, to notice them. */
const GRACE = 20;

/** What the thread is handed. */
interface Watched {
  /** Seconds. */
  readonly grace: number;
  /** An Int32: 1 from when a signal was noticed. */
  readonly noticed: SharedArrayBuffer;
}

/**
 * Signals reach JavaScript through the event loop of a thread, and a thread of its own has one that nothing blocks. Node hands
 * signals to the main thread alone (`process.on`), so that the thread takes the wrapper of libuv beneath. Presses within 250 ms are one:
 * npm passes on what the terminal has sent already.
 */
const thread = `
const { writeSync } = require("node:fs");
const { constants } = require("node:os");
const { workerData: { grace, noticed } } = require("node:worker_threads");
const seen = new Int32Array(noticed);
let Signal;
process.noDeprecation = true;
try { ({ Signal } = process.binding("signal_wrap")); } catch {}
let presses = 0, last = -Infinity, timer;
const end = () => {
  if (presses < 2 && Atomics.load(seen, 0) === 1) return;
  try {
    if (require("node:tty").isatty(2)) writeSync(2, "\\u001b[?25h\\n"); // progress may have hidden the cursor
    writeSync(2, "stopped at once, in the middle of a computation: what was saved before is kept\\n");
  } catch {}
  process.kill(process.pid, "SIGKILL");
};
const later = (seconds) => { clearTimeout(timer); timer = setTimeout(end, 1000 * seconds); };
const press = () => {
  const now = performance.now();
  if (now - last > 250) presses++;
  last = now;
  if (presses !== 2) return;
  later(0.6);
  if (Atomics.load(seen, 0) === 0) return;
  // The main thread took the first press and no longer listens: without a listener the system does what it does.
  interrupt?.close();
  setImmediate(() => process.kill(process.pid, "SIGINT"));
};
const ask = () => { if (presses < 2 && Atomics.load(seen, 0) === 0) later(grace); };
const watch = (name, then) => {
  if (Signal === undefined || constants.signals[name] === undefined) return;
  const handle = new Signal();
  handle.onsignal = then;
  if (handle.start(constants.signals[name]) === 0) return handle;
  handle.close();
};
const interrupt = watch("SIGINT", press);
watch("SIGTERM", ask);
watch("SIGHUP", ask);
`;

/**
 * Ends this process within a second of the second Ctrl-C, and some time after SIGTERM or SIGHUP, also where it computes and
 * no signal gets through to it. Call what is returned when a signal was noticed.
 *
 * A thread does it, that ends with the process; some milliseconds. Where there can be none, or this Node has no such signals,
 * nothing is done.
 */
export function watchBlocked(grace = GRACE): () => void {
  const noticed = new SharedArrayBuffer(4);
  try {
    const workerData: Watched = { grace, noticed };
    const worker = new Worker(thread, { eval: true, workerData, execArgv: [], env: {} });
    worker.on("error", () => {}); // then without
    worker.unref();
  } catch {
    // no more threads allowed: then without
  }
  return () => {
    Atomics.store(new Int32Array(noticed), 0, 1);
  };
}

import { spawn } from "node:child_process";

/** Seconds that a process which computes without listening has, after SIGTERM or SIGHUP, to notice them. */
const GRACE = 20;

/**
 * $1 is the process to end, $2 the grace. Ctrl-C reaches every process of the terminal's job, and batch systems and closing
 * terminals ask all of them, so this shell counts for the one that cannot. A line on its input says that the signal was
 * noticed, the end of the input that the process has ended.
 */
const script = `
exec 3<&0
trap "" INT TERM HUP
(while read -r line; do kill -USR1 $$; done) <&3 &
reader=$!
presses=0 noticed=0 timer=
later() {
  wake
  (trap "" INT TERM HUP; trap 'kill -KILL $nap; exit' USR1
    sleep "$1" & nap=$!; wait $nap; kill -USR2 $$) 2>/dev/null &
  timer=$!
}
wake() { [ -z "$timer" ] || kill -USR1 $timer 2>/dev/null; }
trap wake EXIT
trap 'noticed=1' USR1
trap 'presses=$((presses + 1)); [ $presses -lt 2 ] || later 0.6' INT
trap '[ $noticed = 1 ] || later $2' TERM HUP
trap 'if [ $presses -ge 2 ] || [ $noticed = 0 ]; then
  [ ! -t 2 ] || printf "\\033[?25h\\n" >&2 # progress may have hidden the cursor
  echo "stopped at once, in the middle of a computation: what was saved before is kept" >&2; kill -KILL $1
fi' USR2
while kill -0 $reader 2>/dev/null; do wait $reader; done`;

/**
 * Ends this process within a second of the second Ctrl-C, and some time after SIGTERM or SIGHUP, also where it computes and
 * no signal gets through. Nothing of it outlives the process. Call what is returned when a signal was noticed.
 *
 * A shell does it, so that it costs a few milliseconds; where there is none (Windows), or a signal is sent to this
 * process alone, nothing is done.
 */
export function watchBlocked(grace = GRACE): () => void {
  if (process.platform === "win32") return () => {};
  const argv = ["-c", script, "steepest", String(process.pid), String(grace)];
  const shell = spawn("/bin/sh", argv, { stdio: ["pipe", "ignore", "inherit"] });
  shell.on("error", () => {}); // no more processes allowed: then without
  shell.stdin.on("error", () => {});
  shell.unref();
  if ("unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();
  return () => shell.stdin.write("\n");
}

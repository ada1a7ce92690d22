import { Graph } from "../graph/graph.ts";
import { toModel } from "../graph/model.ts";
import { reorderInput } from "../rewrite/blocked.ts";
import { portable, type Target } from "../rewrite/rewrite.ts";
import type { Device } from "./devices.ts";
import { Session } from "./session.ts";

/** What a session of the given device can run. */
export const targetOf = (device: Device = "cpu"): Target => (device === "cpu" ? { channelBlock } : portable);

let found: number | undefined;

/**
 * How many channels the runtime's blocked convolution keeps side by side on this processor: 16 with AVX-512, 8
 * with AVX, 0 where the runtime has no such kernel. Asked of the runtime itself, once: two rows of numbers are
 * put into that layout, and the place of the second number tells.
 */
function channelBlock(): number {
  found ??= probe();
  return found;
}

function probe(): number {
  const [channels, width] = [64, 2];
  const g = new Graph();
  g.output("y", reorderInput(g, g.input("x", "float32", [1, channels, 1, width])));
  const type = { dtype: "float32" as const, shape: [1, channels, 1, width] };
  const x = Float32Array.from({ length: channels * width }, (_, i) => i);
  const y = new Float32Array(channels * width);
  try {
    const session = new Session(toModel(g), [{ name: "x", ...type }], [{ name: "y", ...type }], {
      threads: 1,
    });
    const binding = session.bind([x], [y]);
    try {
      binding.runSync();
    } finally {
      binding.dispose();
      session.dispose();
    }
  } catch {
    return 0; // built without these kernels, or a processor they were not written for
  }
  const block = y.indexOf(1); // the second column begins after the first one's block
  return block >= 4 && block < channels ? block : 0;
}

import { broadcastText } from "../../collectives/broadcastText.ts";
import type { Collectives } from "../../collectives/collectives.ts";
import type { HostTensors } from "../../engine/hostTensor.ts";
import { emptyTensor, type StateLeafSpec } from "../../engine/ranks/gatherState.ts";
import type { Snapshot } from "../../engine/trainingEngine.ts";

const halves = ["params", "state"] as const;

/**
 * What rank 0 read from a checkpoint, on every rank; undefined where the run begins. Only rank 0 needs to see the run folder.
 */
export function shareSnapshot(
  collectives: Collectives,
  snapshot: Snapshot | undefined,
): Snapshot | undefined {
  const { rank } = collectives;
  const list = snapshot === undefined ? undefined : halves.map((half) => specsOf(snapshot[half]));
  const text = broadcastText(collectives, 0, list === undefined ? "" : JSON.stringify(list));
  if (text === "") return undefined;
  const [params = [], state = []] = JSON.parse(text) as StateLeafSpec[][];
  const roomFor = (specs: readonly StateLeafSpec[]): HostTensors =>
    Object.fromEntries(specs.map(({ path, shape, dtype }) => [path, emptyTensor(path, shape, dtype)]));
  const shared =
    rank === 0 && snapshot !== undefined ? snapshot : { params: roomFor(params), state: roomFor(state) };
  for (const half of halves) {
    for (const { data } of Object.values(shared[half])) collectives.broadcast(0, data);
  }
  return shared;
}

const specsOf = (tensors: HostTensors): StateLeafSpec[] =>
  Object.entries(tensors).map(([path, { shape, dtype }]) => ({ path, shape, dtype }));

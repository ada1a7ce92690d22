import { readGraph } from "./graph.ts";
import type { Fragment } from "./jaxpr.ts";
import { latestLevels } from "./latestLevels.ts";
import { levelsOf } from "./levels.ts";
import { movedBytes } from "./movedBytes.ts";
import { Planner } from "./planner.ts";
import type { Schedule } from "./schedule.ts";

/**
 * Groups a fragment into as few passes over memory as its data flow allows: each node as early as can be or as late, whichever
 * reads and writes less.
 */
export function planSchedule(fragment: Fragment): Schedule {
  const graph = readGraph(fragment);
  const early = levelsOf(graph);
  const first = new Planner(graph, early).schedule;
  const late = latestLevels(graph, early);
  if (graph.nodes.every((node) => late.get(node) === early.get(node))) return first;
  const second = new Planner(graph, late).schedule;
  return movedBytes(second) < movedBytes(first) ? second : first;
}

import type { ClaimObserver } from "../reproduce/runClaim.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatDuration } from "../text/formatDuration.ts";
import { formatCountOf } from "../text/quantities.ts";

/** A line on stderr for each part that has ended, with the time left for those that are called for by now. */
export function claimProgress(claim: string, io: CommandIo): ClaimObserver {
  const began = performance.now();
  let [called, ended, costLeft, costMade] = [0, 0, 0, 0];
  return {
    onRound(parts, known) {
      called += parts.length;
      costLeft += parts.reduce((sum, { cost }) => sum + cost, 0);
      if (known > 0)
        io.err(`${claim}: ${formatCountOf(known, "part is kept as it is", "parts are kept as they are")}`);
      if (parts.length > 0) io.err(`${claim}: ${formatCountOf(parts.length, "part")} to make`);
    },
    onPartEnd({ id, cost }, { cpuSeconds }) {
      ended++;
      costMade += cost;
      costLeft -= cost;
      const pace = (performance.now() - began) / 1000 / costMade;
      const left = costLeft > 0 ? `, about ${formatDuration(pace * costLeft)} left` : "";
      io.err(
        `${claim}: part ${ended} of ${called}, ${id}: ${formatDuration(cpuSeconds)} of processor time${left}`,
      );
    },
  };
}

import { shellWord } from "../text/shellWord.ts";

export interface SlurmScript {
  /** Of the sweep, absolute. */
  readonly folder: string;
  /** What starts this program: the words of a command. */
  readonly program: readonly string[];
  /** Of the queue, as `--queue` takes it. */
  readonly queue: string;
  /** Tasks of the array, each of which is a worker. */
  readonly tasks: number;
  /** Of each run. */
  readonly threads: number;
}

/** Seconds before the end of its time at which a task is told to save. */
const WARNING = 120;
/** Seconds without a run after which a task ends: between two rounds of a sweep there may be none. */
const IDLE = 300;

/**
 * The script for `sbatch` of a sweep: an array of workers, of which the first one also makes the sweep go on. A task that is
 * preempted, fails with its node or reaches its time is queued again by Slurm or by hand, and goes on from the checkpoints.
 */
export function slurmScript({ folder, program, queue, tasks, threads }: SlurmScript): string {
  const command = program.map(shellWord).join(" ");
  return `#!/bin/bash
#SBATCH --job-name=steepest
#SBATCH --array=0-${tasks - 1}
#SBATCH --cpus-per-task=${threads}
#SBATCH --output=${folder}/slurm-%A_%a.out
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@${WARNING}
# Add what your cluster needs: --partition, --time, --mem.

# The first task hands out the runs and writes down what they come to; after a restart it goes on with what is there.
if [ "\${SLURM_ARRAY_TASK_ID:-0}" -eq 0 ]; then
  ${command} sweep --resume ${shellWord(folder)} --queue ${shellWord(queue)} &
fi
# Told to stop, a worker saves its run and gives it back: exec, so that the signal of Slurm is its own.
exec ${command} worker --queue ${shellWord(queue)} --at-once 1 --threads ${threads} --idle ${IDLE}
`;
}

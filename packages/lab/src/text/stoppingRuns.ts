/** What a command that makes several runs does when it is asked to stop. */
export const stoppingRuns = "stopping, each run after its step and a checkpoint";

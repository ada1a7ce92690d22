import pc from "picocolors";

/** The few styles this package uses; each returns its text unchanged where colours are off. */
export type Colours = Pick<
  ReturnType<typeof pc.createColors>,
  "bold" | "dim" | "green" | "red" | "yellow" | "cyan"
>;

/** No colours. */
export const plain: Colours = pc.createColors(false);

interface OutputStream {
  readonly isTTY?: boolean;
}

/**
 * Colours for a stream: only where it is a terminal, NO_COLOR (no-color.org) is unset or empty, and the terminal is
 * not a dumb one.
 */
export function terminalColours(stream: OutputStream, env: NodeJS.ProcessEnv = process.env): Colours {
  return pc.createColors(stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb");
}

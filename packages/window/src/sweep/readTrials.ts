/** A trial of a sweep that ended. */
export interface TrialPoint {
  readonly id: string;
  /** The optimizer as it was written. */
  readonly label: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Of the steps of the whole job. */
  readonly share: number;
  /** null: it diverged or failed. */
  readonly valLoss: number | null;
}

export interface SweepAnswer {
  readonly sweep: unknown;
  readonly trials: readonly unknown[];
}

/** The trials of a sweep's log; the last line of an id counts, lines that are none are left out. */
export function readTrials({ trials }: SweepAnswer): TrialPoint[] {
  const found = new Map<string, TrialPoint>();
  for (const line of trials) {
    const point = readTrial(line);
    if (point !== undefined) found.set(point.id, point);
  }
  return [...found.values()];
}

function readTrial(line: unknown): TrialPoint | undefined {
  if (!isRecord(line) || typeof line["id"] !== "string" || !isRecord(line["row"])) return undefined;
  const { id, settings, share, row } = line;
  const { label, seed, valLoss, status } = row;
  return {
    id,
    label: typeof label === "string" ? label : "?",
    settings: isRecord(settings) ? settings : {},
    seed: typeof seed === "number" ? seed : 0,
    share: typeof share === "number" ? share : 1,
    valLoss: status === "finished" && typeof valLoss === "number" ? valLoss : null,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

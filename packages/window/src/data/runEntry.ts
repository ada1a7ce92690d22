/** A run as the server lists it; what it did not get to is null. */
export interface RunEntry {
  /** Its address: the path below the folder that is served. */
  readonly id: string;
  /** The comparison or sweep it is part of. */
  readonly folder: string | null;
  /** The same for runs that differ by their seed only. */
  readonly group: string;
  readonly unit: string | null;
  readonly status: "finished" | "running" | "unfinished";
  readonly created: string | null;
  readonly optimizer: string;
  readonly optimizerOptions: Readonly<Record<string, unknown>>;
  readonly learningRate: number | null;
  readonly model: string;
  readonly data: string;
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly schedule: string;
  readonly parameters: number | null;
  readonly stateFloats: number | null;
  readonly trainLoss: number | null;
  readonly valLoss: number | null;
  readonly valAccuracy: number | null;
  readonly msPerStep: number | null;
  readonly tokensPerSecond: number | null;
  readonly peakRssBytes: number | null;
  readonly node: string | null;
  readonly cpu: string | null;
  readonly gitCommit: string | null;
}

export interface FolderEntry {
  readonly id: string;
  readonly kind: "compare" | "sweep";
}

export interface RunList {
  readonly version: number;
  readonly runs: readonly RunEntry[];
  readonly folders: readonly FolderEntry[];
  readonly unreadable: readonly string[];
}

/** One run with its files. Files are of strangers: their values are looked at before they are used. */
export interface RunDetails {
  readonly id: string;
  readonly config: unknown;
  readonly summary: unknown;
  readonly sample: string | null;
  /** What it wrote on the way, as its file has it. */
  readonly samples: readonly object[];
}

/** A curve by pixels, as the server makes it. */
export interface BucketedCurve {
  readonly x: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
}

export interface SeriesAnswer {
  readonly from: number;
  readonly to: number;
  readonly curves: readonly BucketedCurve[];
}

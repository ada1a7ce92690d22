/** A curve of a panel; the same name has the same colour in every panel. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Low and high at each place: an interval or a range. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[];
  /** A bound or a reference, not a measurement. */
  readonly dashed?: boolean;
  /** Mark the points, for few of them; `only`: without a line, for pairs of numbers in no order. */
  readonly dots?: boolean | "only";
}

interface Scale {
  readonly label: string;
  readonly log?: boolean;
  readonly domain?: readonly [low: number, high: number];
}

export interface CurvePanel {
  readonly title: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly series: readonly Series[];
  /** A horizontal line that means something. */
  readonly rule?: number;
}

/** Measurements by name, with intervals: a row each. */
export interface IntervalPanel {
  readonly title: string;
  readonly x: Scale;
  readonly rows: readonly {
    readonly name: string;
    readonly value: number;
    readonly low?: number;
    readonly high?: number;
  }[];
  /** A vertical line that means something, such as no difference. */
  readonly rule?: number;
}

export type Panel = CurvePanel | IntervalPanel;

export interface ClaimFigure {
  /** What is to be seen, for those who cannot. */
  readonly label: string;
  readonly panels: readonly Panel[];
}

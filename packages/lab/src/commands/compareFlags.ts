/** What `steepest compare` is told besides the flags of a plan. */
export interface CompareFlags {
  readonly seed?: string;
  readonly seeds?: string;
  readonly model?: string;
  readonly out?: string;
  readonly tune?: boolean;
  readonly parallel?: string;
  readonly threads?: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly open?: boolean;
  readonly child?: boolean;
}

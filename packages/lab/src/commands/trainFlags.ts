/** What `steepest train` is told besides the flags of a plan. */
export interface TrainFlags {
  readonly optimizer?: string;
  readonly model?: string;
  readonly weights?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly fromStep?: string;
  readonly steps?: string;
  readonly threads?: string;
  readonly json?: boolean;
  readonly open?: boolean;
  readonly ranks?: string;
  readonly restarts?: string;
}

/** What `steepest runs` is told. */
export interface RunsFlags {
  readonly where?: string;
  readonly sort?: string;
  readonly columns?: string;
  readonly limit?: string;
  readonly diff?: boolean;
  readonly csv?: string;
  readonly parquet?: string;
  readonly json?: boolean;
}

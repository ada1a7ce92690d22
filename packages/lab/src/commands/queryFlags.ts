/** What `steepest query` is told. */
export interface QueryFlags {
  readonly csv?: string;
  readonly parquet?: string;
  readonly json?: boolean;
}

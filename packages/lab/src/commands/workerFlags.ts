/** What `steepest worker` is told. */
export interface WorkerFlags {
  readonly queue?: string;
  readonly atOnce?: string;
  readonly threads?: string;
  readonly root?: string;
  readonly lostAfter?: string;
  readonly idle?: string;
}

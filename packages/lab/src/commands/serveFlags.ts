/** What `steepest serve` is told. */
export interface ServeFlags {
  readonly port?: string;
  readonly host?: string;
  readonly open?: boolean;
  readonly untilClosed?: boolean;
}

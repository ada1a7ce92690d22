/** What `steepest reproduce` is told. */
export interface ReproduceFlags {
  readonly all?: boolean;
  readonly scale?: string;
  readonly parallel?: string;
  readonly resume?: boolean;
  readonly page?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly child?: boolean;
}

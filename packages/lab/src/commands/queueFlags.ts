/** What the commands that use a queue are told of it. */
export interface QueueFlags {
  readonly queue?: string;
  readonly tries?: string;
  readonly priority?: string;
}

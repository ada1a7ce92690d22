/** Bytes by name that outlast the page. */
export interface ByteStore {
  /** In words. */
  readonly place: string;
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** All or nothing: until it is done, what was there before is there. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
  /** With the time of the last write, where the place knows it. */
  names(): Promise<readonly { readonly name: string; readonly changed: number }[]>;
}

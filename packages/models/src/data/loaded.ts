/** What every data set has: what messages call it, and a checksum to notice that it has changed. */
export interface Loaded {
  /** The name or path it was asked for, with the folder it was found in where that helps. */
  readonly source: string;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
  /** Half a sentence for people: what is trained on, what is validated on, which files are left out. */
  readonly split: string;
}

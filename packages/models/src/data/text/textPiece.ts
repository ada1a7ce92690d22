/** Part of a text; the last part says so. */
export interface TextPiece {
  readonly text: string;
  readonly last: boolean;
}

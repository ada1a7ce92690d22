/** What a run wrote, from the same beginning each time. */
export interface TextsOfRun {
  readonly label: string;
  /** In the order of their steps. */
  readonly texts: readonly TextAt[];
}

export interface TextAt {
  /** Updates made before; "end": all of them. */
  readonly step: number | "end";
  readonly text: string;
}

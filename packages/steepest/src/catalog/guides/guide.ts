/** A property of an optimizer that a test checks. */
export interface Invariant {
  readonly says: string;
  /** The file in packages/steepest/test. */
  readonly file: string;
  /** The title of the test there. */
  readonly title: string;
}

/** What a page of the catalogue says beyond the rule. */
export interface Guide {
  /** When to use it, and when not. */
  readonly when: string;
  readonly invariants: readonly Invariant[];
  /** Trajectories of official implementations it reproduces, by the file that holds them. */
  readonly golden: readonly string[];
}

/** An invariant in the words of its test, or in others where the title is short. */
export const checked = (file: string, title: string, says: string = title): Invariant => ({
  says,
  file: `${file}.test.ts`,
  title,
});

export const guide = (
  when: string,
  invariants: readonly Invariant[] = [],
  golden: readonly string[] = [],
): Guide => ({ when, invariants, golden });

/** What a model does after some steps: the text it writes, or the digits it takes the test images for. */
export type Sample = WrittenSample | ReadSample;

export interface WrittenSample {
  readonly step: number;
  readonly text: string;
}

export interface ReadSample {
  readonly step: number;
  /** Of each test digit, in their order. */
  readonly answers: readonly number[];
  /** Share of the answers that are right. */
  readonly accuracy: number;
}

export const isWritten = (sample: Sample): sample is WrittenSample => "text" in sample;
export const isRead = (sample: Sample): sample is ReadSample => "answers" in sample;

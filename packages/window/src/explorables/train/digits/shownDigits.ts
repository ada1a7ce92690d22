import { type DigitImages, testDigits, trainingDigits } from "./digitImages.ts";

/** Test digits that a page shows with their answers, the first ones. */
export const SHOWN = 40;

let [test, training]: (DigitImages | undefined)[] = [];

/** The test digits that are shown, drawn once. */
export function shownTest(): DigitImages {
  test ??= testDigits(SHOWN);
  return test;
}

/** As many of the training. */
export function shownTraining(): DigitImages {
  training ??= trainingDigits(SHOWN);
  return training;
}

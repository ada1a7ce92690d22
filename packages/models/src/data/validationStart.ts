/**
 * Where the validation part of `count` tokens begins: the last `share` of them, 0 < share < 1, but at most
 * `most`. Throws `RangeError` for another share.
 */
export function validationStart(count: number, share: number, most = Infinity): number {
  if (!(share > 0 && share < 1)) {
    throw new RangeError(`validationShare must be between 0 and 1, usually 0.1; got ${share}`);
  }
  return count - Math.min(most, Math.round(count * share));
}

/** As many as the nanoGPT speedrun validates on: beyond, more tokens are worth more in training. */
export const mostValidationTokens = 10_485_760;

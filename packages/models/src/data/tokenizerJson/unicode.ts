/**
 * Classes of characters as the reference library (Rust) has them; those of JavaScript differ, `\s` in U+0085 and U+FEFF,
 * `\w` and `\d` in everything beyond ASCII. To be put into a regular expression with the flag `v`.
 */
export const unicode = {
  whitespace: "\\p{White_Space}",
  /** `\w` of Rust's regex. */
  word: "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]",
  punctuation: "[!-\\/:-@\\[-`\\{-~\\p{P}]",
  number: "\\p{N}",
} as const;

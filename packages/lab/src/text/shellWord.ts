/** A word as a shell takes it: quoted where it holds more than letters, digits and signs that mean nothing there. */
export const shellWord = (word: string): string =>
  /^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;

/** Lower case of each character for itself: a Greek sigma at the end of a word is an ordinary one. */
export const lowerCase = (text: string): string =>
  text.replace(/\P{ASCII}|[A-Z]/gu, (character) => character.toLowerCase());

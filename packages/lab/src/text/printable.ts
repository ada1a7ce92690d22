/**
 * A text of unknown origin for a terminal: characters that would steer it (escape sequences, a backspace, a carriage return)
 * become their pictures, as ␛, and those that turn the order of letters (U+202A to 202E, 2066 to 2069) a �. Line breaks and tabs
 * stay.
 */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "␡" : "�";
  });

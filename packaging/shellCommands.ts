/** The commands of a few lines of shell as lists of words: quotes, comments, lines that go on, and `&&`. No variables, no pipes. */
export function shellCommands(text: string): string[][] {
  return text
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .flatMap((line) => {
      const commands: string[][] = [[]];
      for (const [token] of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
        if (token.startsWith("#")) break;
        if (token === "&&") commands.push([]);
        else
          commands
            .at(-1)
            ?.push(token.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
      }
      return commands.filter((words) => words.length > 0);
    });
}

/** Names the headings of a page as GitHub does, so that the same links work there and here. */
export function headingNames(): (text: string) => string {
  const given = new Map<string, number>();
  return (text) => {
    const name = text
      .toLowerCase()
      .trim()
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
      .replaceAll(" ", "-");
    const before = given.get(name);
    given.set(name, (before ?? -1) + 1);
    return before === undefined ? name : `${name}-${before + 1}`;
  };
}

/** How many colours the style sheet has for series. */
const COLOURS = 8;
const DASHES: readonly (readonly number[])[] = [[], [9, 4], [2, 4], [12, 3, 2, 3]];

/** The style sheet's name of the colour of a series, and its dashes from the second round on. */
export const strokeOf = (index: number): { readonly colour: string; readonly dash: readonly number[] } => ({
  colour: `--c${index % COLOURS}`,
  dash: DASHES[Math.floor(index / COLOURS) % DASHES.length] ?? [],
});

let probe: HTMLElement | undefined;

/** The colour that a variable of the style sheet comes to in the theme of now, for a canvas. */
export function resolvedColour(variable: string): string {
  if (probe === undefined) {
    probe = document.createElement("span");
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${variable})`;
  return getComputedStyle(probe).color;
}

/** A colour of `resolvedColour` let through. */
export const faint = (colour: string, alpha: number): string =>
  colour.replace(/^rgba?\(([^,]+),([^,]+),([^,)]+).*$/, `rgba($1,$2,$3,${alpha})`);

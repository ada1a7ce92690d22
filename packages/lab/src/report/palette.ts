/**
 * Colours of the series on a light and on a dark page. The first four are after Okabe & Ito 2008, moved for contrast with
 * the page; the others were searched for, to stay apart for protan, deutan and tritan eyes too. The tests measure both.
 */
export const palette: readonly { readonly light: string; readonly dark: string }[] = [
  { light: "#0067b8", dark: "#4aa8ff" }, // blue
  { light: "#d4500c", dark: "#ff8652" }, // vermilion
  { light: "#009268", dark: "#21c795" }, // bluish green
  { light: "#c966a0", dark: "#f0a3cc" }, // reddish purple
  { light: "#a58a4b", dark: "#f0c93a" }, // sand
  { light: "#0000b6", dark: "#9adcff" }, // navy, sky
  { light: "#160100", dark: "#e4e6e8" }, // ink
  { light: "#690000", dark: "#c95f7f" }, // maroon, rose
];

/** From the second round on, lines are dashed, in another way for each round. */
const DASHES: readonly string[] = ["none", "9 4", "2 4", "12 3 2 3"];

/** The colour and the dashes of one series. */
export function strokeOf(index: number): { light: string; dark: string; dashes: string } {
  const colour = palette[index % palette.length] ?? { light: "#000000", dark: "#ffffff" };
  return { ...colour, dashes: DASHES[Math.floor(index / palette.length) % DASHES.length] ?? "none" };
}

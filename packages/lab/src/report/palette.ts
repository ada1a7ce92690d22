/** Colours of the series on a light and on a dark page, after Okabe & Ito 2008, moved for contrast with the page. */
export const palette: readonly { readonly light: string; readonly dark: string }[] = [
  { light: "#0067b8", dark: "#4aa8ff" }, // blue
  { light: "#d4500c", dark: "#ff8652" }, // vermilion
  { light: "#009268", dark: "#21c795" }, // bluish green
  { light: "#c966a0", dark: "#f0a3cc" }, // reddish purple
  { light: "#a87900", dark: "#f0c93a" }, // ochre
  { light: "#3f9fd8", dark: "#9adcff" }, // sky
  { light: "#3b3f45", dark: "#e4e6e8" }, // ink
  { light: "#7a1f3d", dark: "#c95f7f" }, // wine
];

/** From the second round on, lines are dashed, in another way for each round. */
const DASHES: readonly string[] = ["none", "9 4", "2 4", "12 3 2 3"];

/** The colour and the dashes of one series. */
export function strokeOf(index: number): { light: string; dark: string; dashes: string } {
  const colour = palette[index % palette.length] ?? { light: "#000000", dark: "#ffffff" };
  return { ...colour, dashes: DASHES[Math.floor(index / palette.length) % DASHES.length] ?? "none" };
}

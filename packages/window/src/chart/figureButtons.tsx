import type { JSX, RefObject } from "preact";

import { SaveButtons } from "./saveButtons.tsx";
import { standaloneSvg } from "./standaloneSvg.ts";

interface FigureButtonsProps {
  /** What holds the drawing. */
  readonly figure: RefObject<HTMLDivElement | null>;
  readonly name: string;
  readonly csv?: () => string;
}

/** A drawing of the page as SVG or PNG, and its numbers as CSV. */
export function FigureButtons({ figure, name, csv }: FigureButtonsProps): JSX.Element {
  const svg = (): string => {
    const drawing = figure.current?.querySelector("svg");
    return drawing ? standaloneSvg(drawing) : "";
  };
  return <SaveButtons name={name} svg={svg} csv={csv} />;
}

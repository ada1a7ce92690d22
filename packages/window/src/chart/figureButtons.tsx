import type { JSX, RefObject } from "preact";

import { save, svgToPng } from "./save.ts";
import { standaloneSvg } from "./standaloneSvg.ts";

interface FigureButtonsProps {
  /** What holds the drawing. */
  readonly figure: RefObject<HTMLDivElement | null>;
  readonly name: string;
  readonly csv?: () => string;
}

/** A drawing of the page as SVG or PNG, and its numbers as CSV. */
export function FigureButtons({ figure, name, csv }: FigureButtonsProps): JSX.Element {
  const svg = (): Blob => {
    const drawing = figure.current?.querySelector("svg");
    return new Blob([drawing ? standaloneSvg(drawing) : ""], { type: "image/svg+xml" });
  };
  return (
    <div class="exports">
      <span>Save</span>
      <button type="button" onClick={() => save(svg(), `${name}.svg`)}>
        SVG
      </button>
      <button type="button" onClick={async () => save(await svgToPng(svg(), 2), `${name}.png`)}>
        PNG
      </button>
      {csv !== undefined && (
        <button type="button" onClick={() => save(new Blob([csv()], { type: "text/csv" }), `${name}.csv`)}>
          CSV
        </button>
      )}
    </div>
  );
}

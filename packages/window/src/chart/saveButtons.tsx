import type { JSX } from "preact";

import { save, svgToPng } from "./save.ts";

interface SaveButtonsProps {
  /** Of the files, without what follows the point. */
  readonly name: string;
  readonly svg: () => string;
  readonly csv?: (() => string) | undefined;
}

/** A figure as SVG or PNG, and its numbers as CSV. */
export function SaveButtons({ name, svg, csv }: SaveButtonsProps): JSX.Element {
  const drawing = (): Blob => new Blob([svg()], { type: "image/svg+xml" });
  return (
    <div class="exports">
      <span>Save</span>
      <button type="button" onClick={() => save(drawing(), `${name}.svg`)}>
        SVG
      </button>
      <button type="button" onClick={async () => save(await svgToPng(drawing(), 2), `${name}.png`)}>
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

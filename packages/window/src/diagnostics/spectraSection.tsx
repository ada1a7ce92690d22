import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { FigureButtons } from "../chart/figureButtons.tsx";
import { Choice, chosen, unique } from "./choice.tsx";
import { HeatMap } from "./heatMap.tsx";
import { Ridges } from "./ridges.tsx";
import type { WatchLine } from "./watchLine.ts";

const figures = {
  "heat map":
    "Each column is a step; the stronger its colour, the more of the values lie there. Logarithmic.",
  ridges:
    "Each ridge is a step, the last in front; the higher, the more of the values lie there. Logarithmic.",
} as const;

/** The spectrum of a matrix over the steps, as a heat map or as ridges. */
export function SpectraSection({ lines }: { readonly lines: readonly WatchLine[] }): JSX.Element | null {
  const figure = useRef<HTMLDivElement>(null);
  const withArrays = lines.filter(({ arrays }) => Object.keys(arrays).length > 0);
  const names = unique(withArrays.map(({ name }) => name));
  if (names.length === 0) return null;
  const name = chosen("layer", names);
  const kinds = unique(withArrays.flatMap(({ arrays }) => Object.keys(arrays)));
  const kind = chosen("array", kinds);
  const spectra = withArrays
    .filter((line) => line.name === name)
    .map(({ step, arrays }) => ({ step, singularValues: arrays[kind] ?? [] }));
  const look = chosen("as", Object.keys(figures)) === "ridges" ? "ridges" : "heat map";
  const Figure = look === "ridges" ? Ridges : HeatMap;
  return (
    <section>
      <h2>Spectrum</h2>
      <div class="controls">
        <Choice label="layer" name="layer" known={names} value={name} />
        <Choice label="of" name="array" known={kinds} value={kind} />
        <Choice label="as" name="as" known={Object.keys(figures)} value={look} />
      </div>
      <div ref={figure}>
        <Figure spectra={spectra} title={`${kind} of ${name} over the steps`} />
      </div>
      <p class="quiet">{figures[look]}</p>
      <FigureButtons figure={figure} name={`spectrum-${name.replace(/\W+/g, "-")}`} />
    </section>
  );
}

import type { JSX } from "preact";

import type { WalkSettings } from "./walks.ts";
import { type WalkName, type WalkPoint, type Walks, walkNames } from "./walks.ts";

const described: Readonly<Record<WalkName, { readonly title: string; readonly formula: string }>> = {
  fixed: { title: "fixed length", formula: "γρ" },
  steepest: { title: "steepest", formula: "γ‖d‖*" },
  clipped: { title: "clipped", formula: "γ min(ρ, ‖d‖*)" },
  ball: { title: "in a ball", formula: "γρ, with decay λ" },
};

const number = (x: number): string =>
  x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5) ? x.toPrecision(3) : x.toExponential(1);

/** Where each walk has come to; the boxes hide walks from the picture. */
export function WalkTable(props: {
  readonly walks: Walks;
  readonly settings: WalkSettings;
  readonly hidden: ReadonlySet<WalkName>;
  onToggle(name: WalkName): void;
}): JSX.Element {
  const { walks, settings, hidden } = props;
  const shortened = (points: readonly WalkPoint[]): number =>
    points.slice(0, -1).filter(({ dual }) => dual < settings.threshold).length;
  return (
    <table class="numbers walks">
      <thead>
        <tr>
          <th class="text">walk</th>
          <th class="text formula">length of a step</th>
          <th>f</th>
          <th>‖∇f‖*</th>
          <th class="shorter" title="steps at a gradient whose dual norm is below ρ">
            below ρ
          </th>
        </tr>
      </thead>
      <tbody>
        {walkNames.map((name) => {
          const end = walks[name].at(-1);
          return (
            <tr key={name}>
              <th class="text" scope="row">
                <label class={`walk ${name}`}>
                  <input type="checkbox" checked={!hidden.has(name)} onChange={() => props.onToggle(name)} />
                  {described[name].title}
                </label>
              </th>
              <td class="text formula">{described[name].formula}</td>
              <td id={`value-${name}`}>{number(end?.value ?? 0)}</td>
              <td id={`dual-${name}`}>{number(end?.dual ?? 0)}</td>
              <td class="shorter">{shortened(walks[name])}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

import type { JSX, TargetedPointerEvent } from "preact";
import { useMemo, useRef } from "preact/hooks";

import { setQuery } from "../../address/address.ts";
import { clamp } from "../numberIn.ts";
import { contourPaths } from "./contours.ts";
import type { DescentState } from "./descentState.ts";
import { EXTENT, landscapes } from "./landscape.ts";
import { type WalkName, type Walks, walkNames } from "./walks.ts";

const SIZE = 560;
const HALF = SIZE / 2;
const at = (x: number, y: number): [number, number] => [
  HALF + (x * HALF) / EXTENT,
  HALF - (y * HALF) / EXTENT,
];

/** Puts a start into the address, with as many digits as a hand can choose. */
export const setStart = (x: number, y: number): void =>
  setQuery({
    x: clamp(x, -EXTENT, EXTENT).toFixed(2),
    y: clamp(y, -EXTENT, EXTENT).toFixed(2),
  });

/** Heights as lines, the ball of the fourth walk, and the walks; the start can be dragged. */
export function LandscapeView(props: {
  readonly state: DescentState;
  readonly walks: Walks;
  readonly hidden: ReadonlySet<WalkName>;
}): JSX.Element {
  const { state, walks, hidden } = props;
  const picture = useRef<SVGSVGElement>(null);
  const lines = useMemo(() => contourPaths(landscapes[state.landscape], SIZE), [state.landscape]);
  const drag = (event: TargetedPointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1 || picture.current === null) return;
    const { left, top, width } = picture.current.getBoundingClientRect();
    const place = (client: number, from: number): number => (((client - from) / width) * 2 - 1) * EXTENT;
    setStart(place(event.clientX, left), -place(event.clientY, top));
  };
  const [sx, sy] = at(...state.start);
  return (
    <svg
      ref={picture}
      class="landscape"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="img"
      aria-label={`Four walks down ${landscapes[state.landscape].label} from (${state.start.map((x) => x.toFixed(2)).join(", ")})`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={drag}
    >
      {lines.map((line, i) => (
        <path key={i} class="height" d={line} />
      ))}
      {!hidden.has("ball") && <Ball state={state} />}
      {walkNames
        .filter((name) => !hidden.has(name))
        .map((name) => (
          <g key={name} class={`walk ${name}`}>
            <polyline points={walks[name].map(({ x, y }) => at(x, y).join(",")).join(" ")} />
            {walks[name].map(({ x, y }, i) => {
              const [cx, cy] = at(x, y);
              return <circle key={i} cx={cx} cy={cy} r={i === walks[name].length - 1 ? 5 : 2.5} />;
            })}
          </g>
        ))}
      <circle class="handle" cx={sx} cy={sy} r={13} />
    </svg>
  );
}

/** The ball ‖x‖ ≤ ρ/λ in the norm of the walk. */
function Ball({ state: { norm, settings } }: { readonly state: DescentState }): JSX.Element {
  const radius = settings.threshold / settings.decay;
  const [right, top] = at(radius, radius);
  const [left, bottom] = at(-radius, -radius);
  if (norm === "frobenius") return <circle class="region" cx={HALF} cy={HALF} r={right - HALF} />;
  const corners =
    norm === "max"
      ? [
          [left, top],
          [right, top],
          [right, bottom],
          [left, bottom],
        ]
      : [
          [HALF, top],
          [right, HALF],
          [HALF, bottom],
          [left, HALF],
        ];
  return <polygon class="region" points={corners.map((corner) => corner.join(",")).join(" ")} />;
}

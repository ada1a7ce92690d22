import type { JSX, TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";

import type { Answer } from "./normPicture.ts";
import { REACH } from "./normState.ts";

interface UnitBallProps {
  readonly boundary: readonly (readonly number[])[];
  readonly gradient: readonly number[];
  readonly answer: Answer;
  readonly axes: readonly string[];
  onGradient(gradient: number[]): void;
}

const SIZE = 520;
const HALF = SIZE / 2;
/** The ball reaches so far from the centre, of 1. */
const BALL = 0.62;

/** The unit ball of a plane, a gradient that can be dragged, and the point of the ball that goes furthest against it. */
export function UnitBall({ boundary, gradient, answer, axes, onGradient }: UnitBallProps): JSX.Element {
  const picture = useRef<SVGSVGElement>(null);
  const extent = Math.max(...boundary.flat().map(Math.abs));
  const ofBall = (point: readonly number[]): [number, number] => at(point, (BALL * HALF) / extent);
  const tip = at(gradient, HALF / (REACH * 1.1));
  const lmo = ofBall(answer.lmo);
  const drag = (event: TargetedPointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1 || picture.current === null) return;
    const { left, top, width } = picture.current.getBoundingClientRect();
    const place = (client: number, from: number): number => ((client - from) / width) * 2 - 1;
    const scale = REACH * 1.1;
    onGradient([place(event.clientX, left) * scale, -place(event.clientY, top) * scale]);
  };
  return (
    <svg
      ref={picture}
      class="unit-ball"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="img"
      aria-label={`Unit ball, gradient (${words(gradient)}), its oracle at (${words(answer.lmo)})`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={drag}
    >
      <line class="axis" x1={0} x2={SIZE} y1={HALF} y2={HALF} />
      <line class="axis" x1={HALF} x2={HALF} y1={0} y2={SIZE} />
      <text class="label" x={SIZE - 8} y={HALF - 8} text-anchor="end">
        {axes[0]}
      </text>
      <text class="label" x={HALF + 8} y={16}>
        {axes[1]}
      </text>
      <polygon class="ball" points={boundary.map((point) => ofBall(point).join(",")).join(" ")} />
      <Support gradient={gradient} through={lmo} />
      <Arrow kind="gradient" to={tip} name="G" />
      <Arrow kind="lmo" to={lmo} name="lmo(G)" />
      <circle class="handle" cx={tip[0]} cy={tip[1]} r={13} />
    </svg>
  );
}

const at = ([x = 0, y = 0]: readonly number[], scale: number): [number, number] => [
  HALF + x * scale,
  HALF - y * scale,
];

const words = (point: readonly number[]): string => point.map((x) => x.toFixed(2)).join(", ");

/** Where ⟨G, A⟩ is as small as it gets on the ball: the line that touches it. */
function Support({
  gradient: [x = 0, y = 0],
  through: [cx, cy],
}: {
  readonly gradient: readonly number[];
  readonly through: readonly [number, number];
}): JSX.Element | null {
  const length = Math.hypot(x, y);
  if (length === 0) return null;
  const [dx, dy] = [(y / length) * SIZE, (x / length) * SIZE];
  return <line class="support" x1={cx - dx} y1={cy - dy} x2={cx + dx} y2={cy + dy} />;
}

function Arrow({
  kind,
  to: [x, y],
  name,
}: {
  readonly kind: string;
  readonly to: readonly [number, number];
  readonly name: string;
}): JSX.Element {
  const angle = Math.atan2(y - HALF, x - HALF);
  const wing = (turn: number): string =>
    `${x - 13 * Math.cos(angle + turn)},${y - 13 * Math.sin(angle + turn)}`;
  const beyond = (distance: number): [number, number] => [
    Math.min(SIZE - 40, Math.max(20, x + distance * Math.cos(angle))),
    Math.min(SIZE - 10, Math.max(18, y + distance * Math.sin(angle))),
  ];
  const [tx, ty] = beyond(26);
  const there = Math.hypot(x - HALF, y - HALF) > 1;
  return (
    <g class={`arrow ${kind}`}>
      <line x1={HALF} y1={HALF} x2={x} y2={y} />
      {there && <polygon points={`${x},${y} ${wing(0.42)} ${wing(-0.42)}`} />}
      <text x={tx} y={ty + 5} text-anchor="middle">
        {name}
      </text>
    </g>
  );
}

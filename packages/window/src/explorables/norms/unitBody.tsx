import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { dark } from "../../shell/theme.ts";
import type { Answer } from "./normPicture.ts";
import { REACH } from "./normState.ts";
import { facetsOf, turn } from "./turn.ts";

interface UnitBodyProps {
  readonly rings: readonly (readonly (readonly number[])[])[];
  readonly gradient: readonly number[];
  readonly answer: Answer;
}

const SIZE = 520;
const TILT = 0.42;
/** Radians a second. */
const SPEED = 0.35;

/** The unit ball of a space of three dimensions, which turns until it is touched; drag or arrow keys turn it. */
export function UnitBody({ rings, gradient, answer }: UnitBodyProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState({ around: 0.6, tilt: TILT });
  const [turning, setTurning] = useState(
    () => !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  );
  const isDark = dark.value;
  useEffect(() => {
    if (!turning) return;
    let frame = 0;
    let last = performance.now();
    const next = (now: number): void => {
      setView(({ around, tilt }) => ({ around: around + ((now - last) / 1000) * SPEED, tilt }));
      last = now;
      frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
    return () => cancelAnimationFrame(frame);
  }, [turning]);
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, { rings, gradient, answer }, view, isDark);
  }, [rings, gradient, answer, view, isDark]);
  const move = (dx: number, dy: number): void => {
    setTurning(false);
    setView(({ around, tilt }) => ({
      around: around + dx,
      tilt: Math.min(1.5, Math.max(-1.5, tilt + dy)),
    }));
  };
  return (
    <div>
      <canvas
        ref={canvas}
        class="unit-body"
        width={SIZE * 2}
        height={SIZE * 2}
        tabIndex={0}
        role="img"
        aria-label="Unit ball in three dimensions; arrow keys turn it"
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          if (event.buttons === 1) move(event.movementX / 120, event.movementY / 120);
        }}
        onKeyDown={(event) => {
          const by = turns[event.key];
          if (by === undefined) return;
          event.preventDefault();
          move(...by);
        }}
      />
      <button type="button" onClick={() => setTurning(!turning)}>
        {turning ? "Stop turning" : "Turn"}
      </button>
    </div>
  );
}

const turns: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-0.1, 0],
  ArrowRight: [0.1, 0],
  ArrowUp: [0, -0.1],
  ArrowDown: [0, 0.1],
};

function draw(
  canvas: HTMLCanvasElement,
  { rings, gradient, answer }: UnitBodyProps,
  { around, tilt }: { readonly around: number; readonly tilt: number },
  isDark: boolean,
): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const half = canvas.width / 2;
  const extent = Math.max(...rings.flat().map((point) => Math.hypot(...point)));
  const ofBody = (0.62 * half) / extent;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.lineJoin = "round";
  const arrow = (point: readonly number[], scale: number, ink: string): void => {
    const [x, y] = turn(point, around, tilt);
    context.strokeStyle = ink;
    context.fillStyle = ink;
    context.lineWidth = 5;
    context.beginPath();
    context.moveTo(half, half);
    context.lineTo(half + x * scale, half - y * scale);
    context.stroke();
    context.beginPath();
    context.arc(half + x * scale, half - y * scale, 10, 0, 7);
    context.fill();
  };
  const [, , depth] = turn(answer.lmo, around, tilt);
  const front = depth >= 0;
  if (!front) arrow(answer.lmo, ofBody, colour("--c1"));
  for (const { corners, light } of facetsOf(rings, around, tilt)) {
    context.beginPath();
    for (const [x, y] of corners) context.lineTo(half + x * ofBody, half - y * ofBody);
    context.closePath();
    const shade = isDark ? 22 + 38 * light : 62 + 30 * light;
    context.fillStyle = `hsl(212 42% ${shade}% / 0.86)`;
    context.strokeStyle = context.fillStyle;
    context.lineWidth = 1;
    context.fill();
    context.stroke();
  }
  if (front) arrow(answer.lmo, ofBody, colour("--c1"));
  arrow(gradient, half / (REACH * 1.3), colour("--c0"));
}

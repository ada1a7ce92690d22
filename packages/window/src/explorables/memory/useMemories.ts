import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { type AssociativeMemory, associativeMemory, type MemoryState } from "./associativeMemory.ts";
import type { Side } from "./memoryState.ts";

type Place = "left" | "right";

const NOTHING: Record<Place, readonly MemoryState[]> = { left: [], right: [] };

const extended = (known: readonly MemoryState[], next: MemoryState | undefined): readonly MemoryState[] =>
  next === undefined ? known : [...known, next];

/** Two memories that are trained together. */
export interface Memories {
  readonly left: MemoryState | undefined;
  readonly right: MemoryState | undefined;
  /** All states so far. */
  readonly history: Readonly<Record<Place, readonly MemoryState[]>>;
  /** Why there is no memory on a side. */
  readonly fault: Readonly<Partial<Record<Place, string>>>;
  advance(steps: number): void;
  restart(): void;
}

/** Rates are changed while training goes on; another method or other frequencies begin again. */
export function useMemories(sides: readonly [Side, Side], exponent: number, playing: boolean): Memories {
  const [left, right] = sides;
  const made = useRef<Partial<Record<Place, AssociativeMemory>>>({});
  const rates = useRef<Record<Place, number>>({ left: left.rate, right: right.rate });
  rates.current = { left: left.rate, right: right.rate };
  const [round, setRound] = useState(0);
  const [history, setHistory] = useState<Record<Place, readonly MemoryState[]>>(NOTHING);
  const [states, setStates] = useState<Partial<Record<Place, MemoryState>>>({});
  const [fault, setFault] = useState<Partial<Record<Place, string>>>({});

  const advance = useCallback((steps: number) => {
    const next: Partial<Record<Place, MemoryState>> = {};
    for (const place of ["left", "right"] as const) {
      const memory = made.current[place];
      if (memory === undefined) continue;
      try {
        next[place] = memory.train(steps, 10 ** rates.current[place]);
      } catch (error) {
        setFault((known) => ({ ...known, [place]: error instanceof Error ? error.message : String(error) }));
        delete made.current[place];
      }
    }
    setStates(next);
    if (steps > 0)
      setHistory((known) => ({
        left: extended(known.left, next.left),
        right: extended(known.right, next.right),
      }));
  }, []);

  useEffect(() => {
    setFault({});
    setHistory(NOTHING);
    // The rate is a factor, so that it can change without compiling again.
    made.current = {
      left: associativeMemory(left.optimizer, 1, exponent),
      right: associativeMemory(right.optimizer, 1, exponent),
    };
    advance(0);
    return () => {
      for (const memory of Object.values(made.current)) memory.dispose();
      made.current = {};
    };
  }, [left.optimizer, right.optimizer, exponent, round]);

  useEffect(() => {
    if (!playing) return;
    let frame = requestAnimationFrame(function next() {
      advance(1);
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, advance]);

  return {
    left: states.left,
    right: states.right,
    history,
    fault,
    advance,
    restart: () => setRound(round + 1),
  };
}

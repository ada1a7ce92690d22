/** Maps a range of data to 0..1, with marks at round numbers. */
export interface Scale {
  readonly kind: "linear" | "log";
  readonly low: number;
  readonly high: number;
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** `at(low) = 0`, `at(high) = 1`. `high` is moved off `low` where they coincide. */
export function linearScale(low: number, high: number, count = 5): Scale {
  const top = high > low ? high : low + (Math.abs(low) || 1);
  return {
    kind: "linear",
    low,
    high: top,
    at: (value) => (value - low) / (top - low),
    ticks: linearTicks(low, top, count),
  };
}

/** Logarithmic; `low` must be > 0, and values below it are drawn at 0. */
export function logScale(low: number, high: number): Scale {
  if (!(low > 0)) throw new Error(`a logarithmic axis needs a lower end > 0, got ${low}`);
  const top = high > low ? high : low * 10;
  const span = Math.log(top / low);
  return {
    kind: "log",
    low,
    high: top,
    at: (value) => (value <= low ? 0 : Math.log(value / low) / span),
    ticks: logTicks(low, top),
  };
}

/** Multiples of 1, 2 or 5 times a power of ten inside [low, high], about `count` of them. */
export function linearTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((m) => m * power >= rough * 0.8) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)));
}

function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const digits = decades > 2.5 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const digit of digits) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= low * 0.9999 && tick <= high * 1.0001) ticks.push(tick);
    }
  }
  return ticks;
}

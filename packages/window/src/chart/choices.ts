import { query, setQuery } from "../address/address.ts";

/** What a chart of runs shows, as the address has it. */
export interface Choices {
  readonly metric: string;
  readonly x: string;
  readonly smooth: number;
  readonly xLog: boolean;
  readonly yLog: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export const metrics: Readonly<Record<string, string>> = {
  loss: "training loss",
  valLoss: "validation loss",
  valAccuracy: "validation accuracy",
  gradNorm: "norm of the gradient",
  scheduleFactor: "factor of the schedule",
  ms: "milliseconds a step",
};

export const axes: Readonly<Record<string, string>> = {
  step: "step",
  tokens: "tokens",
  seconds: "training time in seconds",
  flops: "floating-point operations, 6 × parameters × tokens",
};

/** Reads the choices; what the address does not have, or has wrongly, is the usual. */
export function choices(): Choices {
  const given = query.value;
  const name = (key: string, known: Readonly<Record<string, string>>, usual: string): string => {
    const value = given.get(key);
    return value !== null && Object.hasOwn(known, value) ? value : usual;
  };
  const number = (key: string): string | undefined => {
    const value = given.get(key);
    return value !== null && value !== "" && Number.isFinite(Number(value)) ? value : undefined;
  };
  const smooth = Number(number("smooth") ?? 0.9);
  return {
    metric: name("metric", metrics, "loss"),
    x: name("x", axes, "step"),
    smooth: smooth >= 0 && smooth < 1 ? smooth : 0.9,
    xLog: given.get("xlog") === "1",
    yLog: given.get("ylog") === "1",
    from: number("from"),
    to: number("to"),
  };
}

export function chooseZoom(range: { readonly from: number; readonly to: number } | undefined): void {
  setQuery({
    from: range === undefined ? undefined : String(Number(range.from.toPrecision(8))),
    to: range === undefined ? undefined : String(Number(range.to.toPrecision(8))),
  });
}

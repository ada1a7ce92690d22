import { UsageError } from "../plan/usageError.ts";

/** What a sweep may spend before it begins no further run. */
export interface Budget {
  readonly amount: number;
  readonly unit: "runs" | "tokens" | "seconds";
}

/** What has been spent; tokens are those of text, images, or evaluations. */
export type Spent = Readonly<Record<Budget["unit"], number>>;

const SECONDS = { s: 1, m: 60, min: 60, h: 3600 } as const;

/** Reads `40runs`, `5e6tokens`, `90m` or `2h`. Throws `UsageError`. */
export function parseBudget(text: string): Budget {
  const [, number, unit = ""] = /^\s*([\d.]+(?:e\d+)?)\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const amount = Number(number);
  if (Number.isFinite(amount) && amount > 0) {
    if (unit === "runs" || unit === "tokens") return { amount, unit };
    const seconds = Object.hasOwn(SECONDS, unit) ? SECONDS[unit as keyof typeof SECONDS] : undefined;
    if (seconds !== undefined) return { amount: amount * seconds, unit: "seconds" };
  }
  throw new UsageError(`--budget must be like 40runs, 5e6tokens, 90m or 2h, got "${text}"`);
}

export const isSpent = (budget: Budget | undefined, spent: Spent): boolean =>
  budget !== undefined && spent[budget.unit] >= budget.amount;

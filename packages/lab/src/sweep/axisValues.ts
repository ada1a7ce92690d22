import type { Json } from "../plan/runPlan.ts";
import { type Axis, isRange, type RangeAxis } from "./axis.ts";

/** The values of a grid over an axis: those of a list, or numbers from one end to the other in equal steps or factors. */
export function gridValues(axis: Axis, whole: boolean): readonly Json[] {
  if (!isRange(axis)) return axis.values;
  const values = Array.from({ length: axis.points }, (_, i) => valueAt(axis, i / (axis.points - 1), whole));
  return [...new Set(values)];
}

/** The value at a place from 0, the first or smallest, to 1; every value of a list has an equal share. */
export function valueAt(axis: Axis, place: number, whole: boolean): Json & (string | number | boolean) {
  if (!isRange(axis)) {
    const index = Math.min(axis.values.length - 1, Math.floor(place * axis.values.length));
    return axis.values[index] as string | number | boolean;
  }
  const { low, high, scale } = axis;
  const exact = scale === "log" ? low * (high / low) ** place : low + (high - low) * place;
  return whole ? Math.round(exact) : shorten(exact);
}

/** Where a value lies on its axis, from 0 to 1 (beyond them outside its range); undefined where it has no order. */
export function placeOf(axis: Axis, value: Json): number | undefined {
  if (isRange(axis)) {
    if (typeof value !== "number") return undefined;
    const { low, high, scale } = axis;
    return scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  }
  const { values } = axis;
  if (values.length < 2 || !values.every((one) => typeof one === "number")) return undefined;
  const index = values.indexOf(Number(value));
  return index < 0 ? undefined : index / (values.length - 1);
}

/** One more value of the grid beyond an end, at the distance of its neighbours. */
export function valueBeyond(axis: RangeAxis, end: "low" | "high", steps: number, whole: boolean): number {
  const place = end === "low" ? -steps / (axis.points - 1) : 1 + steps / (axis.points - 1);
  return Number(valueAt(axis, place, whole));
}

/** Three digits, so that tables and folders stay readable. */
const shorten = (value: number): number => Number(value.toPrecision(3));

import { effectiveRank, spectrumOf, stableRank } from "steepest/monitors";

import type { HostTensors } from "../../engine/hostTensor.ts";
import { byRole, type Finding, isMatrix, type Measure, sidesOf } from "../measure.ts";
import type { RunToWatch } from "../runToWatch.ts";
import { finiteValues } from "../watchLine.ts";

/** Digits of a singular value in a file: more than a picture shows, and less than float32 has. */
const DIGITS = 5;

type Spectra = Readonly<Record<string, readonly number[]>>;

/**
 * The singular values of each matrix, of its last update, and of the method's average of gradients where it keeps one; of each
 * the largest one, the stable and the effective rank. Of roles and of all: means. Convolutions are seen as [dOut, rest].
 */
export function spectraMeasure(run: RunToWatch): Measure {
  const layers = run.layers.filter(isMatrix);
  const lines = (of: Readonly<Record<string, (path: string) => ArrayLike<number>>>): Finding[] => {
    const found = layers.map((layer) => {
      const spectra: Spectra = Object.fromEntries(
        Object.entries(of).flatMap(([name, entries]) => {
          const values = entries(layer.path);
          return allFinite(values) ? [[name, spectrumOf(values, sidesOf(layer))]] : [];
        }),
      );
      return { layer, role: layer.role, spectra, values: numbersOf(spectra) };
    });
    const mean = (group: typeof found): Record<string, number> => {
      const names = [...new Set(group.flatMap(({ values }) => Object.keys(values)))];
      return finiteValues(
        Object.fromEntries(
          names.map((name) => {
            const own = group.flatMap(({ values }) => values[name] ?? []);
            return [name, own.reduce((sum, value) => sum + value, 0) / own.length];
          }),
        ),
      );
    };
    return [
      ...found.map(
        ({ layer, spectra, values }): Finding => ({
          scope: "layer",
          name: layer.path,
          role: layer.role,
          values: finiteValues(values),
          arrays: Object.fromEntries(
            Object.entries(spectra).map(([name, s]) => [name, s.map((x) => Number(x.toPrecision(DIGITS)))]),
          ),
        }),
      ),
      ...byRole(found).map(([role, group]): Finding => ({ scope: "role", name: role, values: mean(group) })),
      { scope: "all", name: "all", values: mean(found) },
    ];
  };
  const entriesIn =
    (tensors: HostTensors) =>
    (path: string): ArrayLike<number> =>
      tensors[path]?.data ?? [];
  return {
    needs: run.averages ? ["gradients", "estimate"] : [],
    look: async ({ after, update, estimate }) =>
      lines({
        weight: entriesIn(after),
        update: entriesIn(update),
        ...(run.averages && { momentum: entriesIn(estimate) }),
      }),
    start: async (weights) => lines({ weight: entriesIn(weights) }),
  };
}

const capitalised = (name: string): string => `${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`;

function numbersOf(spectra: Spectra): Record<string, number> {
  return Object.fromEntries(
    Object.entries(spectra).flatMap(([name, values]) =>
      Object.entries({
        largest: values[0] ?? 0,
        stableRank: stableRank(values),
        effectiveRank: effectiveRank(values),
      }).map(([key, value]) => [`${name}${capitalised(key)}`, value]),
    ),
  );
}

function allFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return values.length > 0;
}

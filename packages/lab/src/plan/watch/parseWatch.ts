import { didYouMean } from "steepest";

import { UsageError } from "../usageError.ts";
import { type DiagnosticName, diagnosticNames, isDiagnostic } from "./diagnostics.ts";

/** Stands for every diagnostic that the method and its model can give. */
export const everyDiagnostic = "all";

/** Reads `grad,norms` or `all`; each name once. Throws `UsageError` with the nearest name for an unknown one. */
export function parseWatch(text: string): readonly DiagnosticName[] | typeof everyDiagnostic {
  const names = text.split(",").map((name) => name.trim());
  if (names.length === 1 && names[0] === everyDiagnostic) return everyDiagnostic;
  const read = names.map((name): DiagnosticName => {
    if (isDiagnostic(name)) return name;
    if (name === everyDiagnostic)
      throw new UsageError(`watch "${text}": ${everyDiagnostic} stands alone, it has all the others in it`);
    throw new UsageError(
      `watch has no diagnostic "${name}"${didYouMean(name, [...diagnosticNames, everyDiagnostic])}; ` +
        `diagnostics are ${diagnosticNames.join(", ")}, or ${everyDiagnostic}`,
    );
  });
  const twice = read.find((name, i) => read.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`watch "${text}" has ${twice} twice`);
  return read;
}

/** ONNX Runtime refused a call or could not be loaded; the message carries the runtime's own text. */
export class OnnxRuntimeError extends Error {
  override readonly name = "OnnxRuntimeError";
}

/** An equation of a traced function, as an error shows it. */
export interface EquationSite {
  readonly text: string;
  readonly index: number;
  readonly total: number;
}

const at = ({ text, index, total }: EquationSite): string =>
  `  at equation ${index + 1} of ${total}: ${text.replace(/\s+/g, " ")}`;

/** Thrown while compiling: no kernel of the runtime takes this dtype, and no detour is exact. */
export class UnsupportedDtypeError extends Error {
  override readonly name = "UnsupportedDtypeError";
  readonly dtype: string;
  constructor(dtype: string, what: string, remedy: string, site?: EquationSite) {
    super(`${what} has no kernel for ${dtype}${site ? `\n${at(site)}` : ""}\n  remedy: ${remedy}`);
    this.dtype = dtype;
  }
}

/** Thrown while compiling, when an equation could not be lowered; the cause is kept. */
export class LoweringError extends Error {
  override readonly name = "LoweringError";
  constructor(site: EquationSite, cause: unknown) {
    super(`could not lower\n${at(site)}\n  ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** The function cannot be traced: it asked for the value of an array, or its shapes depend on data. */
export class NotTraceableError extends Error {
  override readonly name = "NotTraceableError";
}

/** An argument does not fit what was compiled: another structure, shape or dtype, or already consumed. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

/** A device was asked for that this machine or this library does not have. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}

/** A function holds equations that ONNX cannot express, so it cannot become a file. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}

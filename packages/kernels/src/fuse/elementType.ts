import type { ElementType } from "../nest/nest.ts";

const TYPES: readonly ElementType[] = ["float32", "int32", "uint32", "bool"];

/** The element type of a dtype of jax-js, where loops have it. */
export const elementTypeOf = (dtype: string): ElementType | undefined => TYPES.find((type) => type === dtype);

/** From the narrowest to the widest. */
const RANK: readonly ElementType[] = ["bool", "uint32", "int32", "float32"];

interface Typed {
  readonly type: ElementType;
  readonly weak: boolean;
}

/** jax-js's promotion: the wider type, where a weak operand only pulls bool up to uint32. */
export function promoted(a: Typed, b: Typed): ElementType {
  const wider = (x: ElementType, y: ElementType): ElementType => (RANK.indexOf(x) > RANK.indexOf(y) ? x : y);
  if (a.weak === b.weak) return wider(a.type, b.type);
  return wider(a.weak ? b.type : a.type, "uint32");
}

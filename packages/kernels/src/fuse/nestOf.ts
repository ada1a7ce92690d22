import type { Nest, Operand, Read, Reduction, Step, Write } from "../nest/nest.ts";
import { collapse } from "./collapse.ts";
import { directNode } from "./direct.ts";
import { dense } from "./layout.ts";
import { type ElementwiseNode, type NestNode, type Source, topOf } from "./node.ts";
import type { Call } from "./schedule.ts";

/** What building a nest asks of the plan. */
export interface Placement {
  /** Whether a node was written to memory by an earlier stage. */
  isInMemory(node: ElementwiseNode): boolean;
  bufferOf(node: Source["node"]): number;
}

interface Draft {
  readonly reads: (Omit<Read, "strides"> & { readonly strides: readonly number[] })[];
  readonly steps: Step[];
  readonly buffers: number[];
}

/**
 * One set of loops that computes `roots`, which are of one shape: elementwise nodes are written, operands of reductions
 * reduced. Undefined where one set of loops cannot do all of the reductions.
 */
export function nestOf(roots: readonly NestNode[], placement: Placement): Call<Nest> | undefined {
  const draft: Draft = { reads: [], steps: [], buffers: [] };
  const values = new Map<ElementwiseNode, Operand>();
  const argument = (buffer: number): number => {
    const known = draft.buffers.indexOf(buffer);
    return known >= 0 ? known : draft.buffers.push(buffer) - 1;
  };
  const read = ({ node, layout: { strides, offset } }: Source): Operand => {
    if (node.kind === "number") return { kind: "number", value: node.value, type: node.type };
    const fresh = { argument: argument(placement.bufferOf(node)), type: node.type, offset, strides };
    const known = draft.reads.findIndex(
      (r) => r.argument === fresh.argument && r.offset === offset && String(r.strides) === String(strides),
    );
    return { kind: "read", index: known >= 0 ? known : draft.reads.push(fresh) - 1, type: node.type };
  };
  const operand = (source: Source): Operand => {
    const direct = directNode(source);
    return direct === undefined ? read(source) : valueOf(direct);
  };
  const valueOf = (node: ElementwiseNode): Operand => {
    const known = values.get(node);
    if (known !== undefined) return known;
    const value = computed(node);
    values.set(node, value);
    return value;
  };
  const computed = (node: ElementwiseNode): Operand => {
    if (placement.isInMemory(node)) return read({ node, layout: dense(node.shape) });
    const operands = node.operands.map(operand);
    const [only] = operands;
    if (node.operation === "copy" && only !== undefined) return only;
    const index = draft.steps.push({ operation: node.operation, operands, type: node.type }) - 1;
    return { kind: "result", index, type: node.type };
  };

  const writes: Write[] = [];
  const reductions: Omit<Reduction, "direction">[] = [];
  for (const root of roots) {
    const target = (): number => argument(placement.bufferOf(root.kind === "piece" ? root.joined : root));
    const value = valueOf(topOf(root));
    if (root.kind === "reduce") reductions.push({ argument: target(), reducer: root.reducer, value });
    else {
      const { offset, strides } = root.kind === "piece" ? root.layout : dense(root.shape);
      writes.push({ argument: target(), offset, strides, value });
    }
  }
  const [first] = roots;
  const found = collapse({
    shape: first === undefined ? [] : topOf(first).shape,
    strides: [...draft.reads, ...writes].map(({ strides }) => strides),
    reductions: roots.flatMap((root) => (root.kind === "reduce" ? [root.over] : [])),
  });
  if (found === undefined) return undefined;
  const { dimensions, groups, directions, strides } = found;
  return {
    buffers: draft.buffers,
    loops: {
      kind: "nest",
      dimensions,
      groups,
      reads: draft.reads.map((r, i) => ({ ...r, strides: strides[i] ?? [] })),
      steps: draft.steps,
      writes: writes.map((w, i) => ({ ...w, strides: strides[draft.reads.length + i] ?? [] })),
      reductions: reductions.map((r, i) => ({ ...r, direction: directions[i] ?? "all" })),
    },
  };
}

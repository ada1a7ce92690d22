import type { FittedRule } from "./fitWeights.ts";
import type { HostTensor } from "./hostTensor.ts";
import { transpose } from "./transpose.ts";
import { WeightsError } from "./weightsError.ts";

/** The parameters in a tensor of a checkpoint, by path, as float32; views of one array. */
export function splitTensor(
  { parameters, transposed }: FittedRule,
  tensor: HostTensor,
): Map<string, Float32Array> {
  let data = floats(tensor);
  if (transposed) {
    const dIn = parameters[0]?.shape[1] ?? 1;
    data = transpose(data, dIn, data.length / dIn);
  }
  let start = 0;
  return new Map(
    parameters.map(({ path, shape }) => {
      const end = start + shape.reduce((product, side) => product * side, 1);
      const part = data.subarray(start, end);
      start = end;
      return [path, part];
    }),
  );
}

/** Throws `WeightsError` where a head that is stored again is not the embedding. */
export function expectTied(
  [name, table]: readonly [name: string, HostTensor],
  [headName, head]: readonly [name: string, HostTensor],
): void {
  const [rows, other] = [floats(table), floats(head)];
  if (other.length === rows.length && other.every((value, i) => Object.is(value, rows[i]))) return;
  throw new WeightsError(
    `"${headName}" differs from "${name}", but this model has one table for both: ` +
      "build it with tiedHead: false, where its family allows that",
  );
}

function floats({ data }: HostTensor): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

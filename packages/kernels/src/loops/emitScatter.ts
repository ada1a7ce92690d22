import { type Scatter, scatterEntries } from "../nest/lookup.ts";
import { Code, type Local } from "../wasm/code.ts";
import { eachElement } from "./eachElement.ts";
import { least } from "./span.ts";

const ELEMENT = 4;

/**
 * Sums rows by their numbers. A tile owns some entries and goes over all numbers, so that the rows of an entry are added in
 * their order. A number out of range is left out.
 */
export function emitScatter(scatter: Scatter): Code {
  const { entries, count, size, type } = scatter;
  const code = new Code(["i32", "i32"]);
  const [list, tile] = code.parameters;
  if (list === undefined || tile === undefined) throw new Error("internal: a kernel without parameters");
  const local = (): Local => code.local("i32");
  const [first, own, row, from, to, number] = [local(), local(), local(), local(), local(), local()];
  const perTile = scatterEntries(scatter);
  code.get(tile).i32(perTile).plain("i32.mul").set(first);
  least(
    code,
    () => code.i32(entries).get(first).plain("i32.sub"),
    () => code.i32(perTile),
  );
  code.set(own);
  const entry = (index: Local): void => {
    code
      .get(list)
      .memory("i32.load", 2 * ELEMENT)
      .get(index);
    code
      .i32(ELEMENT * size)
      .plain("i32.mul", "i32.add")
      .set(to);
  };
  code.get(first).set(row);
  code.repeat(() => {
    entry(row);
    eachElement(code, size, [to], (one) => {
      code.get(to).splatBits(0);
      if (one) code.memoryLane("v128.store32_lane", 0);
      else code.memory("v128.store");
    });
    code.get(row).i32(1).plain("i32.add").tee(row).get(first).plain("i32.sub").get(own).plain("i32.lt_u");
  });
  code.i32(0).set(row);
  code.repeat(() => {
    code.get(list).memory("i32.load", ELEMENT).get(row).i32(ELEMENT).plain("i32.mul", "i32.add");
    code.memory("i32.load").tee(number).get(first).plain("i32.sub").get(own).plain("i32.lt_u");
    code.when(() => {
      code.get(list).memory("i32.load").get(row);
      code
        .i32(ELEMENT * size)
        .plain("i32.mul", "i32.add")
        .set(from);
      entry(number);
      eachElement(code, size, [to, from], (one) => {
        const load = one ? "v128.load32_zero" : "v128.load";
        code.get(to).get(to).memory(load).get(from).memory(load);
        code.simd(type === "float32" ? "f32x4.add" : "i32x4.add");
        if (one) code.memoryLane("v128.store32_lane", 0);
        else code.memory("v128.store");
      });
    });
    code.get(row).i32(1).plain("i32.add").tee(row).i32(count).plain("i32.lt_u");
  });
  return code;
}

import { type Lookup, lookupRows } from "../nest/lookup.ts";
import { Code, type Local } from "../wasm/code.ts";
import { eachElement } from "./eachElement.ts";
import { least } from "./span.ts";

const ELEMENT = 4;

/** Copies rows of a table by their numbers. A number out of range takes the last row. */
export function emitLookup(lookup: Lookup): Code {
  const { groups, entries, count, size } = lookup;
  const code = new Code(["i32", "i32"]);
  const [list, tile] = code.parameters;
  if (list === undefined || tile === undefined) throw new Error("internal: a kernel without parameters");
  const local = (): Local => code.local("i32");
  const [row, end, from, to, number] = [local(), local(), local(), local(), local()];
  const rows = lookupRows(lookup);
  code.get(tile).i32(rows).plain("i32.mul").tee(row).i32(rows).plain("i32.add").set(end);
  least(
    code,
    () => code.get(end),
    () => code.i32(groups * count),
  );
  code.set(end);
  code.repeat(() => {
    code.get(list).memory("i32.load", ELEMENT).get(row).i32(count).plain("i32.rem_u");
    code.i32(ELEMENT).plain("i32.mul", "i32.add").memory("i32.load").set(number);
    least(
      code,
      () => code.get(number),
      () => code.i32(entries - 1),
    );
    code.set(number);
    code.get(list).memory("i32.load").get(row).i32(count).plain("i32.div_u").i32(entries);
    code.plain("i32.mul").get(number).plain("i32.add");
    code
      .i32(ELEMENT * size)
      .plain("i32.mul", "i32.add")
      .set(from);
    code
      .get(list)
      .memory("i32.load", 2 * ELEMENT)
      .get(row);
    code
      .i32(ELEMENT * size)
      .plain("i32.mul", "i32.add")
      .set(to);
    eachElement(code, size, [from, to], (one) => {
      code.get(to).get(from);
      if (one) code.memory("v128.load32_zero").memoryLane("v128.store32_lane", 0);
      else code.memory("v128.load").memory("v128.store");
    });
    code.get(row).i32(1).plain("i32.add").tee(row).get(end).plain("i32.lt_u");
  });
  return code;
}

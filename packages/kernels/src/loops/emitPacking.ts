import { sizeOf } from "../nest/nest.ts";
import { PANEL, type Packing, packedPanels, panelsOf } from "../nest/product.ts";
import { Code, type Local } from "../wasm/code.ts";
import { addCoordinates } from "./addCoordinates.ts";
import { PanelCopy } from "./panelCopy.ts";
import { least } from "./span.ts";

const ELEMENT = 4;
const PANEL_BYTES = ELEMENT * PANEL;

/** Copies some panels of right factors to where products read them. */
export function emitPacking(packing: Packing): Code {
  const { outer, columns, depth, source } = packing;
  const code = new Code(["i32", "i32"]);
  const [list, tile] = code.parameters;
  if (list === undefined || tile === undefined) throw new Error("internal: a kernel without parameters");
  const locals = (): Local => code.local("i32");
  const [panel, end, matrix, from, to, stop] = [locals(), locals(), locals(), locals(), locals(), locals()];
  const panels = panelsOf(packing);
  const perTile = packedPanels(packing);
  code.get(tile).i32(perTile).plain("i32.mul").tee(panel).i32(perTile).plain("i32.add").set(end);
  least(
    code,
    () => code.get(end),
    () => code.i32(panels * sizeOf(outer)),
  );
  code.set(end);
  code.repeat(() => {
    code.get(panel).i32(panels).plain("i32.div_u").set(matrix);
    code.get(list).memory("i32.load");
    code.i32(ELEMENT * source.offset).plain("i32.add");
    addCoordinates(code, matrix, outer, source.outer, ELEMENT);
    code.get(panel).i32(panels).plain("i32.rem_u");
    code
      .i32(PANEL_BYTES * source.column)
      .plain("i32.mul", "i32.add")
      .set(from);
    code.get(list).memory("i32.load", ELEMENT).get(panel);
    code
      .i32(PANEL_BYTES * depth)
      .plain("i32.mul", "i32.add")
      .set(to);
    const copy = new PanelCopy(code, packing, from, to, stop);
    const left = columns % PANEL;
    if (left === 0) copy.whole();
    else {
      code
        .get(panel)
        .i32(panels)
        .plain("i32.rem_u")
        .i32(Math.floor(columns / PANEL))
        .plain("i32.lt_u");
      code.choose(
        () => copy.whole(),
        () => copy.byLanes(left),
      );
    }
    code.get(panel).i32(1).plain("i32.add").tee(panel).get(end).plain("i32.lt_u");
  });
  return code;
}

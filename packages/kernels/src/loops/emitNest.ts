import type { Nest } from "../nest/nest.ts";
import { type Tiles, tilesOf } from "../nest/tiles.ts";
import { Code, type Local } from "../wasm/code.ts";
import { NestBody } from "./nestBody.ts";
import { least } from "./span.ts";

/**
 * The loops of a nest for one tile, as a function of the address of its argument list and the number of the tile.
 * Each row is done in vectors of four elements; what is left over, one element at a time, by the same steps.
 * `functionIndex` gives the number of an imported function.
 */
export function emitNest(nest: Nest, functionIndex: (name: string) => number): Code {
  const code = new Code(["i32", "i32"]);
  const [list, tile] = code.parameters;
  if (list === undefined || tile === undefined) throw new Error("internal: a kernel without parameters");
  const body = new NestBody(nest, code, list, functionIndex);
  const tiles = tilesOf(nest);
  if (tiles.kind === "rows") emitRows(code, body, tile, tiles);
  else {
    body.span.setPiece(tile, tiles.length);
    body.beginTile(tile);
    body.beginRow();
    body.elements();
  }
  body.endTile(tile);
  return code;
}

type Rows = Extract<Tiles, { readonly kind: "rows" }>;

function emitRows(
  code: Code,
  body: NestBody,
  tile: Local,
  { rows, rowsPerGroup, tilesPerGroup }: Rows,
): void {
  const [row, rowEnd, groupEnd] = [code.local("i32"), code.local("i32"), code.local("i32")];
  code.get(tile).i32(tilesPerGroup).plain("i32.div_u").i32(rowsPerGroup).plain("i32.mul").tee(groupEnd);
  code.get(tile).i32(tilesPerGroup).plain("i32.rem_u").i32(rows).plain("i32.mul", "i32.add").tee(row);
  code.i32(rows).plain("i32.add").set(rowEnd);
  code.get(groupEnd).i32(rowsPerGroup).plain("i32.add").set(groupEnd);
  least(
    code,
    () => code.get(rowEnd),
    () => code.get(groupEnd),
  );
  code.set(rowEnd);
  body.span.setRow();
  body.beginTile(tile);
  code.repeat(() => {
    body.beginRow(row);
    body.span.begin();
    body.elements();
    body.endRow(row);
    code.get(row).i32(1).plain("i32.add").tee(row).get(rowEnd).plain("i32.lt_u");
  });
}

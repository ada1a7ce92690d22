import { sizeOf } from "../nest/nest.ts";
import { DEPTH_BLOCK, PANEL, type Product, panelsOf, productTiles, ROWS } from "../nest/product.ts";
import { Code, type Local } from "../wasm/code.ts";
import { addCoordinates } from "./addCoordinates.ts";
import { RegisterTile } from "./registerTile.ts";
import { least } from "./span.ts";

const ELEMENT = 4;
const PANEL_BYTES = ELEMENT * PANEL;

/**
 * Products of matrices for one tile: blocks of the depth, in each the tile's panels, in each a few rows at a time, whose sums
 * are in registers. The left factors are read where they are.
 */
export function emitProduct(product: Product, fused: boolean): Code {
  const { outer, rows, columns, depth, left, right, result } = product;
  const code = new Code(["i32", "i32"]);
  const [list, tile] = code.parameters;
  if (list === undefined || tile === undefined) throw new Error("internal: a kernel without parameters");
  const local = (): Local => code.local("i32");
  const [a, b, c] = [local(), local(), local()];
  const [matrix, lastMatrix, firstRow, row, rowEnd] = [local(), local(), local(), local(), local()];
  const [firstPanel, panel, panelEnd, start, terms] = [local(), local(), local(), local(), local()];
  const tiles = productTiles(product);
  const panels = panelsOf(product);
  const registers = new RegisterTile(code, product, fused, { start, terms });

  const below = (x: Local, limit: Local): Code => code.get(x).get(limit).plain("i32.lt_u");
  const range = (index: Local | undefined, from: Local, to: Local, length: number, all: number): void => {
    if (index === undefined) code.i32(0).set(from).i32(all).set(to);
    else {
      code.get(index).i32(length).plain("i32.mul").tee(from).i32(length).plain("i32.add").set(to);
      least(
        code,
        () => code.get(to),
        () => code.i32(all),
      );
      code.set(to);
    }
  };
  // The tile's number is matrix, block of rows, block of panels.
  const { rowBlocks, panelBlocks } = tiles;
  const part = local();
  code.get(tile).i32(panelBlocks).plain("i32.rem_u").set(part);
  range(panelBlocks > 1 ? part : undefined, firstPanel, panelEnd, tiles.panels, panels);
  code.get(tile).i32(panelBlocks).plain("i32.div_u").i32(rowBlocks).plain("i32.rem_u").set(part);
  range(rowBlocks > 1 ? part : undefined, firstRow, rowEnd, tiles.rows, rows);
  code
    .get(tile)
    .i32(panelBlocks * rowBlocks)
    .plain("i32.div_u")
    .set(part);
  range(part, matrix, lastMatrix, tiles.outer, sizeOf(outer));

  const base = (argument: number, offset: number, strides: readonly number[], bytes: number): void => {
    code.get(list).memory("i32.load", ELEMENT * argument);
    if (offset > 0) code.i32(ELEMENT * offset).plain("i32.add");
    addCoordinates(code, matrix, outer, strides, bytes);
  };
  const rowsOfPanel = (whole: boolean): void => {
    const oneTile = (height: number): void => {
      code
        .get(a)
        .get(row)
        .i32(ELEMENT * left.row)
        .plain("i32.mul", "i32.add");
      code
        .get(start)
        .i32(ELEMENT * left.depth)
        .plain("i32.mul", "i32.add")
        .set(registers.left);
      code
        .get(b)
        .get(panel)
        .i32(PANEL_BYTES * depth)
        .plain("i32.mul", "i32.add");
      code.get(start).i32(PANEL_BYTES).plain("i32.mul", "i32.add").set(registers.right);
      code
        .get(c)
        .get(row)
        .i32(ELEMENT * result.row)
        .plain("i32.mul", "i32.add");
      code.get(panel).i32(PANEL_BYTES).plain("i32.mul", "i32.add").set(registers.result);
      registers.emit(height, whole ? PANEL : columns % PANEL);
      code.get(row).i32(height).plain("i32.add").set(row);
    };
    code.get(firstRow).set(row);
    if (rows >= ROWS) {
      const last = local();
      // Whole heights: rows up to the tile's end, less what the last rows leave over.
      code.get(rowEnd).get(firstRow).plain("i32.sub").i32(ROWS).plain("i32.div_u");
      code.i32(ROWS).plain("i32.mul").get(firstRow).plain("i32.add").set(last);
      below(row, last).when(() =>
        code.repeat(() => {
          oneTile(ROWS);
          below(row, last);
        }),
      );
    }
    if (rows % ROWS > 0) below(row, rowEnd).when(() => oneTile(rows % ROWS));
  };

  code.repeat(() => {
    base(0, left.offset, left.outer, ELEMENT);
    code.set(a);
    base(1, 0, right.outer, PANEL_BYTES * panels * depth);
    code.set(b);
    base(2, 0, result.outer, ELEMENT);
    code.set(c);
    code.i32(0).set(start);
    code.repeat(() => {
      least(
        code,
        () => code.i32(depth).get(start).plain("i32.sub"),
        () => code.i32(DEPTH_BLOCK),
      );
      code.set(terms).get(firstPanel).set(panel);
      code.repeat(() => {
        if (columns % PANEL === 0) rowsOfPanel(true);
        else
          code
            .get(panel)
            .i32(Math.floor(columns / PANEL))
            .plain("i32.lt_u")
            .choose(
              () => rowsOfPanel(true),
              () => rowsOfPanel(false),
            );
        code.get(panel).i32(1).plain("i32.add").tee(panel).get(panelEnd).plain("i32.lt_u");
      });
      code.get(start).i32(DEPTH_BLOCK).plain("i32.add").tee(start).i32(depth).plain("i32.lt_u");
    });
    code.get(matrix).i32(1).plain("i32.add").tee(matrix).get(lastMatrix).plain("i32.lt_u");
  });
  return code;
}

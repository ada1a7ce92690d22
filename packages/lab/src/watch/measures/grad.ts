import { squaredLength } from "../hostMath.ts";
import type { LayerOfRun } from "../layerOfRun.ts";
import { byRole, type Finding, type Measure } from "../measure.ts";
import { finiteValues } from "../watchLine.ts";

/** ‖g‖ and its root mean square: of each parameter, of each role, of all. */
export function gradMeasure(layers: readonly LayerOfRun[]): Measure {
  return {
    needs: ["gradients"],
    async look({ gradients }) {
      const squares = new Map(
        layers.map(({ path }) => [path, squaredLength(gradients[path] ?? { data: new Float32Array() })]),
      );
      const values = (group: readonly LayerOfRun[]): Record<string, number> => {
        const square = group.reduce((sum, { path }) => sum + (squares.get(path) ?? 0), 0);
        const entries = group.reduce((sum, { size }) => sum + size, 0);
        return finiteValues({ norm: Math.sqrt(square), rms: Math.sqrt(square / entries) });
      };
      return [
        ...layers.map(
          (layer): Finding => ({
            scope: "layer",
            name: layer.path,
            role: layer.role,
            values: values([layer]),
          }),
        ),
        ...byRole(layers).map(
          ([role, group]): Finding => ({ scope: "role", name: role, values: values(group) }),
        ),
        { scope: "all", name: "all", values: values(layers) },
      ];
    },
  };
}

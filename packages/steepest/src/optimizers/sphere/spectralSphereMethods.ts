import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import type { ValuesOf } from "../../define/options.ts";
import { auxiliaryAdamW } from "../../define/recipes/auxiliary.ts";
import { polarFrom } from "../../define/recipes/polarOptions.ts";
import { semiOrthogonal } from "../../matrix/semiOrthogonal.ts";
import { ema } from "../../transforms/ema.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { shapeScales } from "../../transforms/scaleByShape.ts";
import type { spectralSphereOptions } from "./spectralSphereOptions.ts";
import { spectralSphereStep } from "./spectralSphereStep.ts";
import { toSpectralSphere } from "./toSpectralSphere.ts";

type Values = ValuesOf<typeof spectralSphereOptions>;

/**
 * Weights start on the sphere: semi-orthogonal, R times. Decay of W would be undone by the retraction, so
 * there is none.
 */
export function spectralSphereMethods(
  name: string,
  solverSteps: number,
  values: Values,
  schedule: Schedule | undefined,
): readonly Method[] {
  const { learningRate, momentum, nesterov, radius, radiusScale, powerSteps } = values;
  const ball = (rows: number, cols: number): number => radiusScale * shapeScales[radius](rows, cols);
  const polar = polarFrom(values);
  const transform = chain(
    ema(momentum, { nesterov }),
    spectralSphereStep({ radius: ball, powerSteps, polar, solverSteps }),
    scaleByLearningRate(learningRate, schedule),
    toSpectralSphere({ radius: ball, powerSteps }),
  );
  return [
    {
      name,
      takes: hiddenWeights,
      transform,
      scale: ({ shape }) => ball(...matrixSides(shape)),
      initialize: (key, { shape }) => {
        if (values.initialize === "model") {
          key.dispose();
          return undefined;
        }
        const sides = matrixSides(shape);
        return semiOrthogonal(key, sides)
          .mul(ball(...sides))
          .reshape([...shape]);
      },
    },
    auxiliaryAdamW(values, schedule),
  ];
}

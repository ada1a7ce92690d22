export { toArrays } from "./arrays.ts";
export { scalarNamed, tensorNamed } from "./onnx/nativeTensors.ts";
export { startOnnxEngine } from "./onnx/onnxEngine.ts";
export { stepVariants } from "./stepVariants.ts";

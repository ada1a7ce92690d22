/** @steepest/onnx is an ES module: use import, or in CommonJS await import("@steepest/onnx"). */
declare const useImport: never;
export = useImport;

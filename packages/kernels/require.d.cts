/** @steepest/kernels is an ES module: use import, or in CommonJS await import("@steepest/kernels"). */
declare const useImport: never;
export = useImport;

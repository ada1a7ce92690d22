/** @steepest/models is an ES module: use import, or in CommonJS await import("@steepest/models"). */
declare const useImport: never;
export = useImport;

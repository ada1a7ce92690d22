/** steepest is an ES module: use import, or in CommonJS await import("steepest"). */
declare const useImport: never;
export = useImport;

import { join } from "node:path";
import ts from "typescript";

/** What an editor shows of an option of an optimizer in a project where the package is installed; "" where it shows nothing. */
export function optionDoc(project: string, optimizer: string, option: string): string {
  const file = join(project, "hover.ts");
  const code = `import { ${optimizer} } from "steepest";\n${optimizer}({ ${option}: undefined });\n`;
  const read = (name: string): string | undefined => (name === file ? code : ts.sys.readFile(name));
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2023,
    skipLibCheck: true,
    types: [],
  };
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = read(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => project,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: read,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
  const shown = service.getQuickInfoAtPosition(file, code.indexOf(`${option}: `));
  return ts.displayPartsToString(shown?.documentation);
}

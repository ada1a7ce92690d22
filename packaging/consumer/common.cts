// A CommonJS project reaches an ES module by import() and is told so by require().
async function main(): Promise<void> {
  const { muon } = await import("steepest");
  if (typeof muon !== "function") throw new Error("import() of steepest gave no muon");
  for (const name of [
    "steepest",
    "steepest/norms",
    "@steepest/kernels",
    "@steepest/onnx",
    "@steepest/models",
  ]) {
    let said = "nothing";
    try {
      require(name);
    } catch (error) {
      said = error instanceof Error ? error.message : String(error);
    }
    if (!said.includes("ES module: use import")) throw new Error(`require("${name}") said: ${said}`);
  }
  console.log("CommonJS: import() works, require() says so");
}

void main();

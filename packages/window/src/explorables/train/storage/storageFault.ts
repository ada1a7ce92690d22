/** Why something could not be kept, as a sentence. */
export function storageFault(error: unknown): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError")
    return "Not saved: this browser gives the page no more room. Free some on the disk, or export the training; it goes on meanwhile.";
  const why = error instanceof Error ? error.message : String(error);
  return `Not saved: ${why || "the browser does not say why"}. The training goes on; export it to keep it.`;
}

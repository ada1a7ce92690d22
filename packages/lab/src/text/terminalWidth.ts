/** Columns of a stream: those of its terminal, else COLUMNS (as `man` and `ls` read it), else 120. Never below 20. */
export function terminalWidth(
  { columns }: { readonly columns?: number },
  env: NodeJS.ProcessEnv = process.env,
): number {
  const told = Number(env.COLUMNS);
  return Math.max(20, columns ?? (Number.isSafeInteger(told) && told > 0 ? told : 120));
}

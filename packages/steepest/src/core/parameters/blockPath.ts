/** The name of a block of a weight. */
export const blockPath = (path: string, i: number): string => `${path}[${i}]`;

/** The weight that a block belongs to; the path itself of what is no block. */
export const weightOfBlock = (path: string): string => path.replace(/\[\d+\]$/, "");

/** What is validated on where no file is for it. */
export const lastTokens = (count: number): string => `the last ${count} tokens`;

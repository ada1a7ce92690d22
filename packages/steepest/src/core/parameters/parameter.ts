/** What a parameter is to the network; decides which method it gets. */
export type Role = "hidden" | "embedding" | "head" | "conv" | "gain" | "bias";

export const roles: readonly Role[] = ["hidden", "embedding", "head", "conv", "gain", "bias"];

/** What an optimizer may know of a parameter before it sees numbers. */
export interface Parameter {
  /** Path in the parameter tree, `blocks.0.attention.query`. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly role: Role;
}

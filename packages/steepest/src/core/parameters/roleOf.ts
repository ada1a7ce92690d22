import { inferRole } from "./inferRoles.ts";
import type { Role } from "./parameter.ts";

/**
 * Roles by path, as models export them, or by a function that may leave a parameter to `inferRoles`.
 * A record must name every parameter.
 */
export type Roles =
  | Readonly<Record<string, Role>>
  | ((path: string, shape: readonly number[]) => Role | undefined);

/** The role a parameter was given, or else the one its rank and name suggest. */
export function roleOf(path: string, shape: readonly number[], roles: Roles | undefined): Role {
  return givenRole(path, shape, roles) ?? inferRole(path, shape).role;
}

/** The role a parameter was given, if any. */
export function givenRole(
  path: string,
  shape: readonly number[],
  roles: Roles | undefined,
): Role | undefined {
  return typeof roles === "function" ? roles(path, shape) : roles?.[path];
}

import { inferRole } from "./inferRoles.ts";
import type { Roles } from "./listParameters.ts";
import type { Role } from "./parameter.ts";

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

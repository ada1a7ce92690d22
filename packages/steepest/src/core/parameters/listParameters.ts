import { didYouMean } from "../nearestName.ts";
import { namedLeaves, type Tree } from "../tree.ts";
import { inferRole } from "./inferRoles.ts";
import { type Parameter, type Role, roles as roleNames } from "./parameter.ts";
import { givenRole, type Roles } from "./roleOf.ts";

/**
 * Every parameter of a tree with its role, in tree order. Borrows the tree.
 *
 * Throws when a role names no parameter, a parameter has no role, two paths hold one array, or a role
 * does not fit the shape. A role that is given always wins over what the name suggests.
 */
export function listParameters(params: Tree, roles?: Roles): Parameter[] {
  const leaves = namedLeaves(params);
  expectNoSharing(leaves);
  const paths = leaves.map(([path]) => path);
  if (typeof roles === "object") expectSamePaths(roles, paths);
  const parameters = leaves.map(([path, { shape }]): Parameter => {
    const given = givenRole(path, shape, roles);
    return given === undefined ? inferRole(path, shape) : expectFit({ path, shape: [...shape], role: given });
  });
  expectSameLayout(parameters);
  return parameters;
}

function expectNoSharing(leaves: readonly [string, object][]): void {
  const owners = new Map<object, string>();
  for (const [path, leaf] of leaves) {
    const owner = owners.get(leaf);
    if (owner !== undefined) {
      throw new Error(
        `parameters "${owner}" and "${path}" are the same array, so it would be updated twice: ` +
          "keep a tied weight once in the tree and use it twice in the model",
      );
    }
    owners.set(leaf, path);
  }
}

function expectSamePaths(roles: Readonly<Record<string, Role>>, paths: readonly string[]): void {
  for (const path of Object.keys(roles)) {
    if (!paths.includes(path))
      throw new Error(`roles name "${path}", which is no parameter${didYouMean(path, paths)}`);
  }
  const missing = paths.filter((path) => !(path in roles));
  if (missing.length > 0) {
    throw new Error(
      `roles leave out ${missing.map((path) => `"${path}"`).join(", ")}: name every parameter, or pass a function`,
    );
  }
}

/** A role that fits the shape. What the name suggests does not matter where a role is given. */
function expectFit(parameter: Parameter): Parameter {
  const { path, shape, role } = parameter;
  if (!roleNames.includes(role)) {
    throw new Error(`parameter "${path}" has the role "${role}"; roles are ${roleNames.join(", ")}`);
  }
  const at = `parameter "${path}" of shape [${shape}] has the role "${role}"`;
  if (shape.length !== 2 && (role === "embedding" || role === "head"))
    throw new Error(`${at}, which needs a matrix`);
  if (shape.length < 2 && (role === "hidden" || role === "conv"))
    throw new Error(`${at}, which needs rank 2 or more`);
  return parameter;
}

/** An embedding is [vocab, width] and a head [vocab, width]: one the other's transpose is a layout mistake. */
function expectSameLayout(parameters: readonly Parameter[]): void {
  for (const head of parameters.filter(({ role }) => role === "head")) {
    for (const table of parameters.filter(({ role }) => role === "embedding")) {
      const [vocab, width] = table.shape;
      if (vocab !== width && head.shape[0] === width && head.shape[1] === vocab) {
        throw new Error(
          `head "${head.path}" is [${head.shape}], the transpose of embedding "${table.path}" [${table.shape}]: ` +
            "weights are [dOut, dIn], so a head is [vocab, width]",
        );
      }
    }
  }
}

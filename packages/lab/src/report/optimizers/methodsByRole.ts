import { type OptimizerDefinition, type Parameter, type Role, roles } from "steepest";
import { groupedValues, type OptionSpecs } from "steepest/define";

/** A method of a recipe and the roles whose parameters it gets. */
export interface MethodRoles {
  readonly name: string;
  readonly roles: readonly Role[];
}

const shapes: Readonly<Record<Role, readonly number[]>> = {
  hidden: [8, 4],
  embedding: [16, 4],
  head: [16, 4],
  conv: [8, 4, 3, 3],
  gain: [4],
  bias: [4],
};

/** Which method of an optimizer's recipe, with its default options, takes a parameter of which role. */
export function methodsByRole({ options, recipe }: OptimizerDefinition<OptionSpecs>): MethodRoles[] {
  const defaults = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, option.default]),
  );
  const methods = recipe(defaults, {
    schedule: undefined,
    roles: undefined,
    grouped: groupedValues(defaults, []),
  });
  const chosen = roles.map((role) => {
    const parameter: Parameter = { path: role, shape: shapes[role], role };
    return { role, method: methods.find((method) => method.takes(parameter)) };
  });
  return methods.map((method) => ({
    name: method.name,
    roles: chosen.filter((one) => one.method === method).map(({ role }) => role),
  }));
}

import type { JSX } from "preact";

import { query, setQuery } from "../address/address.ts";

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly known: readonly string[];
  readonly value: string;
}

/** One of a few names, kept in the address. */
export function Choice({ label, name, known, value }: ChoiceProps): JSX.Element {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}>
        {known.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}

/** The choice of the address where it is one, else the first. */
export function chosen(name: string, known: readonly string[]): string {
  const given = query.value.get(name);
  return known.find((one) => one === given) ?? known[0] ?? "";
}

export const unique = (values: readonly string[]): string[] => [...new Set(values)];

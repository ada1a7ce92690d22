import type { JSX } from "preact";
import { describeOptimizer, type OptimizerName } from "steepest";

import { setQuery } from "../../address/address.ts";
import { type Relation, relationsWith } from "./claims.ts";

/** All that the catalogue says of a method, and what tests hold between it and others. */
export function MethodDetail({ name }: { readonly name: OptimizerName }): JSX.Element {
  const { summary, formula, geometry, state, computation, source, when } = describeOptimizer(name);
  const related = relationsWith(name);
  return (
    <aside class="card detail" aria-label={`About ${name}`} aria-live="polite">
      <h2>{name}</h2>
      <p>{summary}</p>
      <ul class="formula">
        {formula.split(/;\s+|\n/).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <dl>
        <Fact name="geometry" value={geometry} />
        <Fact name="state" value={state} />
        <Fact name="cost" value={computation} />
        <Fact name="when" value={when} />
        <Fact name="source" value={source} />
      </dl>
      {related.length > 0 && <h3>What tests hold between methods</h3>}
      <ul class="relations">
        {related.map((relation) => (
          <Tie key={relation.says + relation.to} relation={relation} name={name} />
        ))}
      </ul>
      <a href={`/docs/optimizers/${name}.html`}>Page of {name}, with its options</a>
    </aside>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Tie(props: { readonly relation: Relation; readonly name: OptimizerName }): JSX.Element {
  const { from, to, says } = props.relation;
  const other = from === props.name ? to : from;
  return (
    <li>
      <button type="button" onClick={() => setQuery({ method: other })}>
        {other}
      </button>{" "}
      {from === props.name || says.startsWith(from) ? "" : `${from}: `}
      {says}
    </li>
  );
}

import "./map.css";
import type { JSX } from "preact";

import { setQuery } from "../../address/address.ts";
import { relations, relationsWith } from "./claims.ts";
import { type MapState, mapState } from "./mapState.ts";
import { MethodDetail } from "./methodDetail.tsx";
import { allMethods, byGeometry, type Method, matches, regions, stateClasses } from "./spectra.ts";

/** Every method of the catalogue by structure, norm or manifold, with its state, formula and equalities. */
export function MapPage(): JSX.Element {
  const state = mapState.value;
  const methods = allMethods();
  const found = methods.filter(
    (method) => matches(method, state.search) && (state.state === undefined || method.state === state.state),
  );
  return (
    <>
      <h1>How are {methods.length} optimizers related?</h1>
      <p class="lead">
        Two roads lead away from gradient descent. One estimates the curvature with a structure: a number for
        each weight in Adam, factors of rows and columns in SOAP. The other asks a norm for its steepest step:
        signs for the max norm, Muon for the spectral norm. Where they meet, methods are equal.
      </p>
      <Filter state={state} found={found.length} of={methods.length} />
      <div class="map">
        <div>
          {regions.map(({ name, title, about }) => {
            const here = found.filter((method) => method.region === name);
            return (
              <section key={name} aria-labelledby={`region-${name}`}>
                <h2 id={`region-${name}`}>
                  {title} <small class="quiet">{here.length}</small>
                </h2>
                <p class="quiet">{about}</p>
                <dl class="geometries">
                  {byGeometry(here).map(([geometry, group]) => (
                    <div key={geometry}>
                      <dt>{geometry}</dt>
                      <dd>
                        {group.map((method) => (
                          <Chip key={method.name} method={method} chosen={state.method} />
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            );
          })}
        </div>
        <MethodDetail name={state.method} />
      </div>
      <p class="quiet">
        Everything here is read from the catalogue of the library. The {relations.length} relations are
        sentences that a test of this project holds, and that name another method; a dot marks methods that
        have one with the chosen one.
      </p>
    </>
  );
}

function Filter(props: {
  readonly state: MapState;
  readonly found: number;
  readonly of: number;
}): JSX.Element {
  const { search, state } = props.state;
  return (
    <div class="controls">
      <label>
        Find
        <input
          type="search"
          value={search}
          placeholder="spectral momentum"
          onInput={({ currentTarget }) => setQuery({ q: currentTarget.value || undefined })}
        />
      </label>
      <fieldset class="states">
        <legend class="visually-hidden">State of a hidden weight</legend>
        {stateClasses.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            class={`state ${name}`}
            aria-pressed={state === name}
            onClick={() => setQuery({ state: state === name ? undefined : name })}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <output>
        {props.found} of {props.of}
      </output>
    </div>
  );
}

function Chip({ method, chosen }: { readonly method: Method; readonly chosen: string }): JSX.Element {
  const { name, state } = method;
  const related =
    name !== chosen && relationsWith(chosen).some(({ from, to }) => from === name || to === name);
  return (
    <button
      type="button"
      class={`state ${state}`}
      aria-pressed={name === chosen}
      onClick={() => setQuery({ method: name })}
    >
      {name}
      {related && (
        <>
          {" "}
          <span aria-hidden="true">●</span>
          <span class="visually-hidden">related to {chosen}</span>
        </>
      )}
    </button>
  );
}

import type { JSX } from "preact";

/** Says what went wrong, as text, and where to go on. */
export function Failure({ error }: { readonly error: unknown }): JSX.Element {
  return (
    <section class="failure" role="alert">
      <h1>This cannot be shown</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <p>
        <a href="/">Back to the start</a>
      </p>
    </section>
  );
}

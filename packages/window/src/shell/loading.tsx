import type { JSX } from "preact";

/** Until there is an answer. An element of its own kind, which no paragraph of the page takes over: what is new does not jump. */
export const Loading = (): JSX.Element => <div class="quiet loading">Loading …</div>;

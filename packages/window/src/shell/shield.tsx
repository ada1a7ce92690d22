import { Component, type ComponentChildren } from "preact";

import { Failure } from "./failure.tsx";

/** Shows what went wrong in place of a view that failed; the rest of the app goes on. */
export class Shield extends Component<
  { readonly children: ComponentChildren },
  { readonly error?: unknown }
> {
  static override getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ComponentChildren {
    return this.state.error === undefined ? this.props.children : <Failure error={this.state.error} />;
  }
}

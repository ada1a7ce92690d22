import type { ComponentChildren, JSX } from "preact";

import { setQuery } from "../../address/address.ts";
import { knobs } from "./descentState.ts";

const untouched = Object.fromEntries(
  ["on", "norm", "x", "y", "steps", ...knobs.map(({ name }) => name)].map((name) => [name, undefined]),
);

/** A sentence with a button that sets what it speaks of. */
function Scene(props: {
  readonly show: string;
  readonly sets: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <p>
      {props.children}{" "}
      <button type="button" onClick={() => setQuery({ ...untouched, ...props.sets })}>
        {props.show}
      </button>
    </p>
  );
}

/** What to look for, each with its settings. */
export const DescentStory = (): JSX.Element => (
  <section>
    <h2>What to look for</h2>
    <Scene show="Show the bounce" sets={{ rate: "0.12", threshold: "5" }}>
      Far from the minimum the gradient is large, and steps of a fixed length are as good as any. Near it they
      are too long: the first walk jumps from side to side for ever, at a distance that its step decides.
    </Scene>
    <Scene show="Show a step too long" sets={{ rate: "0.24", threshold: "5" }}>
      Steepest descent shortens its steps with the gradient, and so comes to rest. But where the gradient is
      large its steps are, too: with a little more γ it flies off on the steep axis.
    </Scene>
    <Scene show="Show both" sets={{ rate: "0.1", threshold: "3", steps: "60" }}>
      The clipped walk has the first behaviour while the dual norm of the gradient is above ρ and the second
      below (the shaded part of the chart): at a fixed step size it arrives. That is what clipping is for, in
      any norm.
    </Scene>
    <Scene
      show="Show the ball"
      sets={{ norm: "max", decay: "4", threshold: "2.8", steps: "60", x: "2.60", y: "1.50" }}
    >
      With decay λ steps of fixed length can never leave the ball of radius ρ/λ for good: weight decay is a
      constraint, and the norm says of which shape. The fourth walk enters the ball and stays.
    </Scene>
    <Scene
      show="Show the valley"
      sets={{ on: "valley", rate: "0.1", threshold: "3", momentum: "0.5", steps: "60" }}
    >
      In the bent valley the square norm moves both coordinates at once, the diamond one at a time. Momentum
      averages the gradient before the oracle sees it.
    </Scene>
    <p class="quiet">
      After Pethick et al. 2025, arXiv:2502.07529 and arXiv:2506.01913. Norms, oracles and dual norms on this
      page are those of the library.
    </p>
  </section>
);

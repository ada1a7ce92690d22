import type { JSX } from "preact";
import type { Subject } from "./engine/trainSettings.ts";
import { SAVE_EVERY } from "./useTraining.ts";

/** What to try, and what it shows. */
export function TrainStory({ subject }: { readonly subject: Subject }): JSX.Element {
  return (
    <section>
      <h2>What to look for</h2>
      {subject === "text" ? (
        <p>
          Both sides have the same weights at the start, and see the same pieces of the text in the same
          order; only the optimizer differs. A loss of ln(number of characters), about 4.3 for Moby-Dick, is
          guessing; 2.5 knows which letters are frequent after which; below 2, words appear. Read what the
          models write at the same loss: can you tell the optimizer?
        </p>
      ) : (
        <p>
          Both sides have the same weights at the start, and see the same digits in the same order; only the
          optimizer differs. A loss of ln 10, about 2.3, and a tenth of right answers are guessing. Look at
          the digits in frames: do both sides fail on the same ones?
        </p>
      )}
      <ol>
        <li>
          Press Train and watch the first hundred steps. Muon spends more arithmetic on a step; draw the loss
          against seconds to see whether it is worth it.
        </li>
        <li>
          Move a learning rate while it trains. Ten times too large, and the curve jumps; ten times too small,
          and it creeps. How wide is the range in which a method still learns? That matters more than the best
          value.
        </li>
        <li>Choose the same optimizer twice, with rates of ½ and 2: now the rate is all that differs.</li>
        <li>Another seed tells how much of a difference is chance.</li>
      </ol>
      <p>
        This model is tiny and the run is short: who wins here need not win elsewhere. Rates are the default
        ones of each method, times what the slider says, without a schedule. Both sides share the processor,
        so seconds of one depend on the other.
      </p>
      <h2>Where it goes on</h2>
      <p>
        A training is saved in this browser when it pauses, every {SAVE_EVERY / 1000} seconds while it trains,
        and when you turn to another tab; each side says when it did. What came after the last save is lost
        when the page closes. The last eight trainings are kept. Weights are a <code>model.safetensors</code>{" "}
        and its <code>config.json</code>: put both in a folder and <code>loadPretrained(folder)</code> of{" "}
        <code>@steepest/models/node</code> has the model in Node. The .onnx file is the whole next step: loss,
        gradients and update.
      </p>
    </section>
  );
}

import type { JSX } from "preact";
import { DigitPicture } from "./digits/digitPicture.tsx";
import { SHOWN, shownTest } from "./digits/shownDigits.ts";
import { isRead, isWritten, type ReadSample, type WrittenSample } from "./engine/sample.ts";
import type { Subject } from "./engine/trainSettings.ts";
import type { SideView } from "./sideView.ts";

/** What the model of a side can do, the latest first. */
export function Samples({
  subject,
  view,
}: {
  readonly subject: Subject;
  readonly view: SideView;
}): JSX.Element {
  return subject === "digits" ? (
    <Read last={view.samples.findLast(isRead)} />
  ) : (
    <Written samples={view.samples.filter(isWritten)} />
  );
}

function Written({ samples }: { readonly samples: readonly WrittenSample[] }): JSX.Element {
  const [last, ...before] = samples.toReversed();
  return (
    <>
      <h2>What it writes</h2>
      {last === undefined ? (
        <p class="quiet sample">Nothing yet: every hundred steps it writes something.</p>
      ) : (
        <blockquote class="sample">
          <span class="quiet">after {last.step} steps</span>
          {last.text}
        </blockquote>
      )}
      {before.length > 0 && (
        <details>
          <summary>Before that</summary>
          {before.map(({ step, text }) => (
            <blockquote key={step} class="sample">
              <span class="quiet">after {step} steps</span>
              {text}
            </blockquote>
          ))}
        </details>
      )}
    </>
  );
}

function Read({ last }: { readonly last: ReadSample | undefined }): JSX.Element {
  const digits = shownTest();
  const answers = last?.answers.slice(0, SHOWN) ?? [];
  const wrong = answers.flatMap((answer, i) =>
    answer === digits.labels[i] ? [] : [`a ${digits.labels[i]} as ${answer}`],
  );
  const said =
    last === undefined
      ? `${digits.count} test digits, not read yet`
      : `${digits.count} test digits after ${last.step} steps; wrong: ${wrong.join(", ") || "none"}`;
  return (
    <>
      <h2>What it reads</h2>
      <p class="quiet">
        {last === undefined
          ? "Nothing yet: every twenty steps it reads the test digits."
          : `after ${last.step} steps: its answer below each digit, wrong ones in a frame`}
      </p>
      <div class="digits read" role="img" aria-label={said}>
        {Array.from(digits.labels, (label, i) => {
          const answer = answers[i];
          return (
            <span key={i} class={answer === undefined || answer === label ? "" : "wrong"}>
              <DigitPicture digits={digits} at={i} />
              {answer ?? "–"}
            </span>
          );
        })}
      </div>
    </>
  );
}

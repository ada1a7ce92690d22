import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { setQuery } from "../../address/address.ts";
import type { UsedText } from "./useText.ts";

/** Which text is learned, and a place for one of the reader's. */
export function TextChoice({
  wanted,
  used,
}: {
  readonly wanted: "built-in" | "own";
  readonly used: UsedText;
}): JSX.Element {
  const [over, setOver] = useState(false);
  const takeFile = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) await used.take(await file.text());
  };
  return (
    <section
      class={`card drop${over ? " over" : ""}`}
      aria-label="Text"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const { dataTransfer } = event;
        const text = dataTransfer?.getData("text/plain") ?? "";
        void (text === "" ? takeFile(dataTransfer?.files[0]) : used.take(text));
      }}
    >
      <h2>A text of your own</h2>
      <p>
        Now it learns {wanted === "own" ? "your text" : "five chapters of Moby-Dick"}
        {used.text === undefined ? "" : `, ${used.text.length.toLocaleString()} characters`}. Drop a plain
        text here, or choose a file; it stays in this browser.
      </p>
      <div class="controls">
        <label>
          Text file
          <input
            type="file"
            accept="text/*,.txt,.md"
            onChange={({ currentTarget }) => void takeFile(currentTarget.files?.[0])}
          />
        </label>
        {wanted === "own" && (
          <button type="button" onClick={() => setQuery({ text: undefined })}>
            Moby-Dick again
          </button>
        )}
      </div>
      <p class="quiet" role="status">
        {used.said}
      </p>
    </section>
  );
}

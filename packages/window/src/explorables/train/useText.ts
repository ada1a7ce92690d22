import { useEffect, useState } from "preact/hooks";
import { setQuery } from "../../address/address.ts";
import { openStore } from "./storage/openStore.ts";
import { storageFault } from "./storage/storageFault.ts";
import { builtInText, keepText, storedText, usableText } from "./trainText.ts";

export interface UsedText {
  /** Undefined while it is read. */
  readonly text: string | undefined;
  /** What there is to say of it. */
  readonly said: string;
  /** Takes a text of the reader's, which the browser keeps for the next visit. */
  take(given: string): Promise<void>;
}

/** The text that is learned. */
export function useText(wanted: "built-in" | "own"): UsedText {
  const [text, setText] = useState<string>();
  const [said, setSaid] = useState("");
  const [own, setOwn] = useState<string>();
  useEffect(() => {
    let current = true;
    void (async () => {
      const stored = wanted === "own" ? (own ?? (await storedText(await openStore()))) : undefined;
      const used = stored ?? (await builtInText());
      if (!current) return;
      if (wanted === "own" && stored === undefined)
        setSaid("This browser has no text of yours: give it one below. Until then it is Moby-Dick.");
      setText(used);
    })();
    return () => {
      current = false;
    };
  }, [wanted, own]);
  return {
    text,
    said,
    async take(given) {
      const usable = usableText(given);
      if ("fault" in usable) {
        setSaid(usable.fault);
        return;
      }
      setSaid("");
      setOwn(usable.text);
      setQuery({ text: "own" });
      await keepText(await openStore(), usable.text).catch((error: unknown) => setSaid(storageFault(error)));
    },
  };
}

import { useEffect, useRef, useState } from "preact/hooks";
import { openSide, type TrainingSide } from "./openSide.ts";
import { openStore } from "./storage/openStore.ts";
import { soleOwner } from "./storage/soleOwner.ts";
import type { Place, TrainChoice } from "./trainChoice.ts";

/** Milliseconds from one save to the next while it trains. */
export const SAVE_EVERY = 10_000;

/** Whether this tab saves; undefined until it is known. */
export function useOwner(): { readonly owner: boolean | undefined; maySave(): boolean } {
  const now = useRef<boolean>(undefined);
  const [owner, setOwner] = useState<boolean>();
  useEffect(
    () =>
      soleOwner((mine) => {
        now.current = mine;
        setOwner(mine);
      }),
    [],
  );
  return { owner, maySave: () => now.current === true };
}

/** The worker of a side, as the address asks for it. `round` begins again. */
export function useTraining(
  place: Place,
  { subject, sides, size, seed, device }: TrainChoice,
  text: string | undefined,
  maySave: () => boolean,
  round: number,
): TrainingSide | undefined {
  const { optimizer, rate } = sides[place];
  const [side, setSide] = useState<TrainingSide>();
  useEffect(() => {
    if (text === undefined) return;
    let opened: TrainingSide | undefined;
    let ended = false;
    void openStore().then((store) => {
      if (ended) return;
      const settings = { subject, optimizer, size, seed, text };
      opened = openSide({ name: place, settings, device, threads: threadsOfSide(), store, maySave });
      setSide(opened);
    });
    return () => {
      ended = true;
      opened?.dispose();
      setSide(undefined);
    };
  }, [place, subject, optimizer, size, seed, device, text, round]);
  useEffect(() => side?.scale(10 ** rate), [side, rate]);
  useEffect(() => {
    if (side === undefined) return;
    const save = (): void => side.save();
    const onHidden = (): void => {
      if (document.visibilityState === "hidden") save();
    };
    const timer = setInterval(save, SAVE_EVERY);
    document.addEventListener("visibilitychange", onHidden);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onHidden);
    };
  }, [side]);
  return side;
}

/** Half of the cores each, and not more than help a model of this size. */
function threadsOfSide(): number {
  return Math.max(1, Math.min(4, Math.floor(navigator.hardwareConcurrency / 2)));
}

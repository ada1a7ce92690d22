import { type ReadonlySignal, signal } from "@preact/signals";
import { save } from "../../chart/save.ts";
import type { DeviceChoice } from "./engine/engine.ts";
import type { FileKind, Order, Report } from "./engine/messages.ts";
import type { TrainSettings } from "./engine/trainSettings.ts";
import { emptyView, type SideView } from "./sideView.ts";
import type { ByteStore } from "./storage/byteStore.ts";
import { removeOldest } from "./storage/removeOldest.ts";
import { decodeSaved, encodeSaved } from "./storage/savedTraining.ts";
import { settingsKey } from "./storage/settingsKey.ts";
import { storageFault } from "./storage/storageFault.ts";

/** A training in a worker of its own, and what is seen of it. */
export interface TrainingSide {
  readonly view: ReadonlySignal<SideView>;
  /** Trains until so many steps are made. */
  run(until: number): void;
  pause(): void;
  /** From the next step on. */
  scale(value: number): void;
  sample(): void;
  /** Hands a file to the reader. */
  download(file: Exclude<FileKind, "state">): void;
  /** Keeps the training as it is, if it has moved since the last time. */
  save(): void;
  /** Ends the worker. What is not saved is gone. */
  dispose(): void;
}

export interface SideOptions {
  /** Of files: one for each side, so that two equal ones are two. */
  readonly name: string;
  readonly settings: TrainSettings;
  readonly device: DeviceChoice;
  readonly threads: number;
  readonly store: ByteStore | undefined;
  /** Whether this tab may write. */
  maySave(): boolean;
}

/** Milliseconds from one look of the page to the next. */
const GLANCE = 100;

/** Starts the worker of a side, from what is saved of the same settings. */
export function openSide({ name, settings, device, threads, store, maySave }: SideOptions): TrainingSide {
  const view = signal<SideView>(emptyView);
  const worker = new Worker(new URL("./engine/trainWorker.ts", import.meta.url), { type: "module" });
  const file = `${name}-${settingsKey(settings)}`;
  const key = settingsKey(settings);
  const tell = (order: Order, transfer: Transferable[] = []): void => worker.postMessage(order, transfer);
  let [losses, milliseconds]: [number[], number[]] = [[], []];
  let savedAt = 0;
  let asked = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (change: Partial<SideView>): void => {
    view.value = { ...view.value, ...change };
  };
  /** New curves for the page, not more often than it can be looked at. */
  const glance = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      show({ step: losses.length, losses: [...losses], milliseconds: [...milliseconds] });
    }, GLANCE);
  };
  const keep = async (step: number, state: Uint8Array<ArrayBuffer>): Promise<void> => {
    if (store === undefined || !maySave()) return;
    const past = { losses: losses.slice(0, step), milliseconds: milliseconds.slice(0, step) };
    const { samples } = view.value;
    try {
      await store.write(file, encodeSaved({ key, step, ...past, samples, state }));
      savedAt = step;
      show({ saved: `Saved at step ${step}, ${new Date().toLocaleTimeString()}.` });
      await removeOldest(store, file);
    } catch (error) {
      show({ saved: storageFault(error) });
    }
  };
  const hear = (report: Report): void => {
    if (report.kind === "ready") {
      const { notRestored, engine, parameters, perStep } = report;
      if (report.step === 0) [losses, milliseconds, savedAt] = [[], [], 0];
      show({
        ...{ status: "paused", engine, parameters, perStep, step: report.step, losses, milliseconds },
        ...(report.step === 0 && { samples: [] }),
        ...(notRestored !== undefined && { saved: `What was saved is not gone on from: ${notRestored}` }),
      });
    } else if (report.kind === "step") {
      losses.push(report.loss);
      milliseconds.push(report.milliseconds);
      glance();
    } else if (report.kind === "running") {
      show({ status: report.running ? "running" : view.value.status === "failed" ? "failed" : "paused" });
      if (!report.running) side.save();
    } else if (report.kind === "engine") show({ engine: report.engine });
    else if (report.kind === "sample") {
      const { sample } = report;
      show({ samples: [...view.value.samples.filter(({ step }) => step !== sample.step), sample] });
    } else if (report.kind === "refused") {
      if (report.file === "state") asked = false;
      show({ fault: report.message });
    } else if (report.kind === "failed") show({ status: "failed", fault: report.message });
    else if (report.file === "state") {
      asked = false;
      void keep(report.step, report.bytes);
    } else save(new Blob([report.bytes]), fileNames[report.file](settings.optimizer));
  };
  worker.onmessage = ({ data }: MessageEvent<Report>) => hear(data);
  worker.onerror = (event) => show({ status: "failed", fault: event.message || "the worker did not start" });

  const side: TrainingSide = {
    view,
    run: (until) => {
      if (view.value.status !== "failed") tell({ kind: "run", until });
    },
    pause: () => tell({ kind: "pause" }),
    scale: (value) => tell({ kind: "scale", value }),
    sample: () => tell({ kind: "sample" }),
    download: (wanted) => tell({ kind: "file", file: wanted }),
    save() {
      if (store === undefined || !maySave() || asked || losses.length === savedAt) return;
      if (view.value.status === "failed") return; // the last good one stays
      asked = true;
      tell({ kind: "file", file: "state" });
    },
    dispose() {
      clearTimeout(timer);
      worker.terminate();
    },
  };
  void (async () => {
    const bytes = await store?.read(file).catch(() => undefined);
    const saved = bytes && decodeSaved(bytes, key);
    if (saved !== undefined) {
      [losses, milliseconds] = [[...saved.losses], [...saved.milliseconds]];
      savedAt = saved.step;
      show({ samples: saved.samples, saved: `Restored at step ${saved.step}.` });
    }
    tell({ kind: "start", settings, device, threads, saved: saved?.state });
  })();
  return side;
}

const fileNames = {
  weights: () => "model.safetensors",
  config: () => "config.json",
  onnx: (optimizer: string) => `train-step-${optimizer}.onnx`,
} satisfies Record<Exclude<FileKind, "state">, (optimizer: string) => string>;

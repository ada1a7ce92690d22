import type { DeviceChoice, Engine } from "./engine.ts";
import type { Sample } from "./sample.ts";
import type { TrainSettings } from "./trainSettings.ts";

/** What can be asked for as a file: all of the training, its weights, or the step as an ONNX graph. */
export type FileKind = "state" | "weights" | "config" | "onnx";

/** From the page to the worker of a side. */
export type Order =
  | {
      readonly kind: "start";
      readonly settings: TrainSettings;
      readonly device: DeviceChoice;
      /** Of the loops, this worker's own included. */
      readonly threads: number;
      readonly saved: Uint8Array<ArrayBuffer> | undefined;
    }
  /** Trains until so many steps are made. */
  | { readonly kind: "run"; readonly until: number }
  | { readonly kind: "pause" }
  | { readonly kind: "scale"; readonly value: number }
  | { readonly kind: "sample" }
  | { readonly kind: "file"; readonly file: FileKind };

/** From the worker to the page. */
export type Report =
  | {
      readonly kind: "ready";
      readonly engine: Engine;
      readonly step: number;
      readonly parameters: number;
      /** Tokens or images. */
      readonly perStep: number;
      /** Why what was saved is not gone on from. */
      readonly notRestored: string | undefined;
    }
  | {
      readonly kind: "step";
      readonly step: number;
      readonly loss: number;
      readonly milliseconds: number;
    }
  | { readonly kind: "engine"; readonly engine: Engine }
  | { readonly kind: "running"; readonly running: boolean }
  | { readonly kind: "sample"; readonly sample: Sample }
  | {
      readonly kind: "file";
      readonly file: FileKind;
      readonly step: number;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  /** An order could not be done; the training is as it was. */
  | { readonly kind: "refused"; readonly file: FileKind | undefined; readonly message: string }
  /** The training is at an end. */
  | { readonly kind: "failed"; readonly message: string };

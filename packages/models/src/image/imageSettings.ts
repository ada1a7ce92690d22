import { wholeFrom, yesOrNo } from "../model/setting.ts";

/** Settings that families of image models share. */
export const imageSettings = {
  imageShape: { doc: "channels, height, width", range: "three whole numbers ≥ 1" },
  classes: { doc: "classes of the labels", range: wholeFrom(2) },
  activationScale: {
    doc: "scale the nonlinearity so that activations keep their size, as Scion's models do",
    range: yesOrNo,
  },
  labelSmoothing: { doc: "share of the target that goes to all classes alike", range: "[0, 1)" },
} as const;

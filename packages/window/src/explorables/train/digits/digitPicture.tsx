import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { DigitImages } from "./digitImages.ts";
import { SIDE } from "./drawDigit.ts";

/** One of the digits, white on black as the model sees it. */
export function DigitPicture({
  digits,
  at,
}: {
  readonly digits: DigitImages;
  readonly at: number;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(SIDE, SIDE);
    for (let i = 0; i < SIDE * SIDE; i++) {
      const grey = digits.pixels[at * SIDE * SIDE + i] ?? 0;
      image.data.set([grey, grey, grey, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }, [digits, at]);
  return <canvas ref={canvas} class="digit" width={SIDE} height={SIDE} />;
}

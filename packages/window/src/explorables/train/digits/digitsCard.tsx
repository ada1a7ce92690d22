import type { JSX } from "preact";
import { TEST, TRAINING } from "./digitImages.ts";
import { DigitPicture } from "./digitPicture.tsx";
import { SIDE } from "./drawDigit.ts";
import { shownTraining } from "./shownDigits.ts";

/** What the CNN learns from. */
export function DigitsCard(): JSX.Element {
  const digits = shownTraining();
  return (
    <section class="card" aria-label="Digits">
      <h2>The digits</h2>
      <p>
        {TRAINING.toLocaleString()} digits of {SIDE} × {SIDE} pixels, drawn here by a pen with a shaking hand:
        turned, slanted, thick and thin. It is tried on {TEST} others that it never learns from.
      </p>
      <div class="digits" role="img" aria-label={`${digits.count} of the digits it learns from`}>
        {Array.from(digits.labels, (_, i) => (
          <DigitPicture key={i} digits={digits} at={i} />
        ))}
      </div>
    </section>
  );
}

import { describe, expect, test } from "vitest";

import { palette } from "../src/report/palette.ts";

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Full colour blindness of three kinds, on linear RGB: Machado, Oliveira & Fernandes 2009, severity 1. */
const eyes: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const channel = (hex: string, at: number): number => {
  const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const linear = (hex: string): Triple => [channel(hex, 1), channel(hex, 3), channel(hex, 5)];
const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const times = (m: Matrix, v: Triple): Triple => [dot(m[0], v), dot(m[1], v), dot(m[2], v)];
const clamp = (v: Triple): Triple => [Math.max(0, v[0]), Math.max(0, v[1]), Math.max(0, v[2])];

/** CIE 1976 L*a*b*, white point D65. */
function lab(rgb: Triple): Triple {
  const [x, y, z] = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    rgb,
  );
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [fx, fy, fz] = [f(x / 0.9505), f(y), f(z / 1.089)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const luminance = (hex: string): number => dot([0.2126, 0.7152, 0.0722], linear(hex));

describe.each([
  ["light", "#fbfaf8"],
  ["dark", "#121416"],
] as const)("on the %s page", (theme, page) => {
  const colours = palette.map((one) => one[theme]);

  test("every colour has the contrast of graphics, 3 : 1 (WCAG 2.2, 1.4.11)", () => {
    for (const colour of colours) {
      const [a = 0, b = 0] = [luminance(colour), luminance(page)].sort((x, y) => y - x);
      expect((a + 0.05) / (b + 0.05), colour).toBeGreaterThan(3);
    }
  });

  // 12: five times a just noticeable difference of 2.3, rounded up.
  test.each(Object.keys(eyes))("colours stay apart for %s eyes", (eye) => {
    const seen = colours.map((colour) =>
      lab(
        clamp(
          times(
            eyes[eye] ?? [
              [0, 0, 0],
              [0, 0, 0],
              [0, 0, 0],
            ],
            linear(colour),
          ),
        ),
      ),
    );
    for (const [i, a] of seen.entries()) {
      for (const [j, b] of seen.entries()) {
        if (j >= i) continue;
        const apart = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        expect(apart, `${colours[i]} and ${colours[j]}`).toBeGreaterThan(12);
      }
    }
  });
});

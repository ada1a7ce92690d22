import { ConfigError, createModel, describeModel, modelNames } from "@steepest/models";
import { expect, test } from "vitest";

const names = Object.values(modelNames).flat();
const ofData = {
  language: { vocabSize: 7 },
  image: { imageShape: [1, 28, 28], classes: 10 },
  problem: {},
} as const;

test.each(names)("%s: every setting is described, with the value it has", (name) => {
  const { kind, settings, about, parameterCount } = describeModel(name);
  const { config } = createModel(name, ofData[kind]);
  const decided = ["vocabSize", "imageShape", "classes", "whitening"];
  expect(Object.keys(settings).sort()).toEqual(
    Object.keys(config)
      .filter((key) => !decided.includes(key))
      .sort(),
  );
  for (const [key, setting] of Object.entries(settings)) {
    expect(setting.default, key).toEqual(config[key]);
    expect(setting.doc.length, key).toBeGreaterThan(5);
  }
  expect(about).not.toBe("");
  expect(parameterCount).toBeGreaterThan(0);
});

test.each(names)("%s: what is outside a range is refused", (name) => {
  const { kind, settings } = describeModel(name);
  for (const [key, { range }] of Object.entries(settings)) {
    for (const bad of outside(range)) {
      expect(() => createModel(name, { ...ofData[kind], [key]: bad }), `${key} ${bad}`).toThrow(ConfigError);
    }
  }
});

function outside(range: string): unknown[] {
  const whole = /^whole, ≥ (\d)$/.exec(range)?.[1];
  if (whole !== undefined)
    return [Number(whole) - 1, Number(whole) + 0.5, "3", Number.NaN, Number.POSITIVE_INFINITY];
  const least = /^(≥|>) (\d)$/.exec(range);
  if (least !== null)
    return [Number(least[2]) - (least[1] === "≥" ? 0.5 : 0), "3", Number.NaN, Number.POSITIVE_INFINITY];
  if (range.includes("|")) return ["none of these", 3];
  if (range === "[0, 1)") return [-0.1, 1, "0", Number.NaN];
  return ["anything", -1, Number.NaN];
}

test("the feed-forward layer follows another width, as its family has it", () => {
  const hiddenWidth = (settings: Record<string, number>): unknown =>
    createModel("llama-60m", settings).config.hiddenWidth;
  expect(hiddenWidth({})).toBe(1376);
  expect(hiddenWidth({ width: 64 })).toBe(176);
  expect(hiddenWidth({ width: 64, hiddenWidth: 100 })).toBe(100);
});

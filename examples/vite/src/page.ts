import type { Progress, Wish } from "./messages.ts";

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const said = document.querySelector<HTMLElement>("#said");
const sample = document.querySelector<HTMLElement>("#sample");
const rate = document.querySelector<HTMLInputElement>("#rate");

worker.onmessage = ({ data }: MessageEvent<Progress>) => {
  if (said) said.textContent = `step ${data.step}: loss ${data.loss.toFixed(3)}`;
  if (sample && data.sample !== undefined) sample.textContent = data.sample;
};
worker.onerror = ({ message }) => {
  if (said) said.textContent = `the worker failed: ${message}`;
};
rate?.addEventListener("input", () => {
  const wish: Wish = { learningRateScale: rate.valueAsNumber };
  worker.postMessage(wish);
});

import type { JSX } from "preact";
import { setQuery } from "../../address/address.ts";
import { devices } from "./engine/engine.ts";
import { digitSizes, sizes, subjects } from "./engine/trainSettings.ts";
import { FURTHEST, type TrainChoice } from "./trainChoice.ts";

const deviceNames = {
  auto: "the fastest there is",
  webgpu: "WebGPU",
  threads: "WebAssembly, threads",
  one: "WebAssembly, one thread",
} as const;

const subjectNames = { text: "to write: a GPT, on a text", digits: "to read: a CNN, on digits" } as const;

const sizeNames = {
  text: Object.entries(sizes).map(([name, { width, depth, context }]) => ({
    name,
    about: `${depth} ${depth === 1 ? "layer" : "layers"}, width ${width}, ${context} characters`,
  })),
  digits: Object.entries(digitSizes).map(([name, { widths, depth }]) => ({
    name,
    about: `${widths.length * depth} convolutions, ${widths.join(" and ")} channels`,
  })),
} as const;

/** What both sides share. */
export function TrainControls({ choice }: { readonly choice: TrainChoice }): JSX.Element {
  const { subject, size, seed, device, stop } = choice;
  return (
    <div class="controls shared">
      <label>
        Learn
        <select value={subject} onChange={({ currentTarget }) => setQuery({ subject: currentTarget.value })}>
          {subjects.map((name) => (
            <option key={name} value={name}>
              {subjectNames[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Model
        <select value={size} onChange={({ currentTarget }) => setQuery({ size: currentTarget.value })}>
          {sizeNames[subject].map(({ name, about }) => (
            <option key={name} value={name}>
              {name}: {about}
            </option>
          ))}
        </select>
      </label>
      <label>
        Computed by
        <select value={device} onChange={({ currentTarget }) => setQuery({ device: currentTarget.value })}>
          {devices.map((name) => (
            <option key={name} value={name}>
              {deviceNames[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Seed
        <input
          type="number"
          min={0}
          max={999}
          value={seed}
          onChange={({ currentTarget }) => setQuery({ seed: currentTarget.value })}
        />
      </label>
      <label>
        Until step
        <input
          type="number"
          min={1}
          max={FURTHEST}
          value={stop}
          onChange={({ currentTarget }) => setQuery({ stop: currentTarget.value })}
        />
      </label>
    </div>
  );
}

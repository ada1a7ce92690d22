import { init, numpy as np, random } from "@jax-js/jax";
import { fuse } from "@steepest/kernels";
import { compiledStep, muon } from "steepest";
import { linear } from "steepest/schedules";
import { moduleWorker } from "steepest/web";

const say = (id, text) => {
  document.getElementById(id).textContent = text;
};

// A few steps in the page itself: short work may be done where it is shown.
await init("wasm");
const target = random.normal(random.key(0), [8, 8]);
const step = compiledStep(muon({ learningRate: 0.4, schedule: linear({ steps: 50 }) }), ({ w }) =>
  np.square(w.sub(target.ref)).mean(),
);
let training = step.init({ w: np.zeros([8, 8]) });
for (let k = 0; k < 50; k++) {
  const { loss, ...next } = step(training);
  training = next;
  say("here", `step ${k + 1}: loss ${(await loss.jsAsync()).toFixed(4)}`);
}

// A function as WebAssembly loops.
const double = fuse((x) => x.mul(2));
const doubled = await double(np.array([1, 2, 3]));
say("here", `${document.getElementById("here").textContent}; twice 1, 2, 3 is ${doubled.js().join(", ")}`);
double.dispose();

// Longer work in a worker. Browsers apply no import map there; moduleWorker does.
const worker = await moduleWorker("worker.js");
worker.onmessage = ({ data }) => say("worker", data);
worker.onerror = ({ message }) => say("worker", `the worker failed: ${message}`);

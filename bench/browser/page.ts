/** What `bench/browser.ts` runs in the page: training steps of jax-js and of fused loops in turns, results by POST. */
import {
  defaultDevice,
  init,
  type Array as JaxArray,
  jit,
  numpy as np,
  random,
  type tree,
  valueAndGrad,
} from "@jax-js/jax";
import { type FuseOptions, residentState } from "@steepest/kernels";
import { createLanguageModel } from "@steepest/models";
import { applyUpdates, compiledStep, createOptimizer, refTree, type Tree } from "steepest";

type Arrays = tree.JsTree<JaxArray>;
/** Makes one step and waits until it is done. */
type Contestant = () => Promise<void>;

const query = new URLSearchParams(location.search);
const text = (name: string, otherwise: string): string => query.get(name) ?? otherwise;
const report = (message: object): Promise<unknown> =>
  fetch("/result", { method: "POST", body: JSON.stringify(message) });

const [rounds, batch] = [Number(text("rounds", "9")), Number(text("batch", "16"))];
const threads = text("threads", "1,2").split(",").map(Number);
const model = createLanguageModel(text("model", "tiny") as "tiny", { vocabSize: 89 });
const optimizer = createOptimizer(text("optimizer", "adamw"), {});

const tokens = (seed: number): np.Array =>
  random.uniform(random.key(seed), [batch, model.context]).mul(89).astype(np.int32);
const inputs = (): { tokens: np.Array; targets: np.Array } => ({ tokens: tokens(1), targets: tokens(2) });
const loss = (params: Tree, data: ReturnType<typeof inputs>): np.Array => model.loss(params as never, data);

async function wholeSteps(): Promise<Map<string, Contestant>> {
  const contestants = new Map<string, Contestant>();
  const params = (): Tree => model.init(random.key(0)) as Tree;
  const data = inputs();
  const step = compiledStep(optimizer, loss);
  let training = step.init(params());
  contestants.set("jax-js", async () => {
    const { loss: value, ...next } = step(training, refTree(data));
    training = next;
    await value.jsAsync();
  });
  const fused = ({ params, state }: { params: Tree; state: Tree }, given: typeof data) => {
    const [value, gradients] = valueAndGrad(loss)(refTree(params), given) as [np.Array, Tree];
    const [updates, next] = optimizer.update(gradients, state as never, refTree(params), {
      phase: 0,
      first: false,
    });
    return [{ params: applyUpdates(params, updates), state: next }, value];
  };
  for (const count of threads) {
    const resident = held({ params: params(), state: optimizer.init(params()) }, { threads: count });
    contestants.set(named(count), async () => {
      const value = await resident.run(fused as never, refTree(data) as never);
      (value as unknown as np.Array).dispose();
    });
  }
  return contestants;
}

async function updates(): Promise<Map<string, Contestant>> {
  const contestants = new Map<string, Contestant>();
  const params = (): Tree => model.init(random.key(0)) as Tree;
  const gradients = model.init(random.key(1)) as Tree;
  type Both = { params: Tree; state: Tree };
  const update = ({ params, state }: Both, g: Tree): [Both, np.Array] => {
    const [moves, next] = optimizer.update(g, state as never, refTree(params), { phase: 0, first: false });
    return [{ params: applyUpdates(params, moves), state: next }, np.array(0)];
  };
  const compiled = jit((both: Both, g: Tree) => update(both, g)[0]) as unknown as (
    both: Both,
    g: Tree,
  ) => Both;
  let both: Both = { params: params(), state: optimizer.init(params()) };
  contestants.set("jax-js", async () => {
    both = compiled(both, refTree(gradients));
    await Promise.all(leavesOf(both).map((leaf) => leaf.blockUntilReady()));
  });
  for (const count of threads) {
    const resident = held({ params: params(), state: optimizer.init(params()) }, { threads: count });
    contestants.set(named(count), async () => {
      const value = await resident.run(update as never, refTree(gradients) as never);
      (value as unknown as np.Array).dispose();
    });
  }
  return contestants;
}

const named = (count: number): string => `fused, ${count} thread${count > 1 ? "s" : ""}`;
const held = (state: object, options: FuseOptions) => residentState(state as Arrays, options);

function leavesOf(value: unknown): np.Array[] {
  if (value instanceof np.Array) return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

/** Milliseconds of a step in each round, in turns. */
async function measure(contestants: Map<string, Contestant>): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  for (const [name, step] of contestants) {
    const until = performance.now() + 2000; // until the engine has compiled it with all optimizations
    for (let i = 0; i < 5 || performance.now() < until; i++) await step();
    times[name] = [];
  }
  for (let round = 0; round < rounds; round++)
    for (const [name, step] of contestants) {
      const started = performance.now();
      let steps = 0;
      while (steps < 3 || performance.now() - started < 150) {
        await step();
        steps++;
      }
      times[name]?.push((performance.now() - started) / steps);
    }
  return times;
}

try {
  await init("wasm");
  defaultDevice("wasm");
  const tokensPerStep = batch * model.context;
  await report({ isolated: crossOriginIsolated, browser: navigator.userAgent, tokensPerStep });
  await report({ what: "step", times: await measure(await wholeSteps()) });
  await report({ what: "update", times: await measure(await updates()) });
  await report({ done: true });
} catch (error) {
  await report({
    done: true,
    error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error),
  });
}

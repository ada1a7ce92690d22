const centres: Readonly<Record<string, number>> = {
  sgd: 0.3,
  rmsprop: 0.006,
  adagrad: 0.06,
  ademamix: 0.01,
  adafactor: 0.06,
  lars: 10,
  signsgd: 0.006,
  signum: 0.006,
  lion: 0.006,
  lion_k: 0.01,
  nsgd: 0.3,
  scion: 0.01,
  unconstrained_scion: 0.01,
  scion_light: 0.01,
  clipped_scion: 0.01,
  unconstrained_clipped_scion: 0.01,
  column_normalized_sgd: 0.06,
  racs: 0.3,
  swan: 0.3,
  sinkgd: 0.3,
  alice: 0.06,
  alice0: 0.06,
  psgd_kron: 0.01,
  kfac: 0.1,
  sophia_g: 0.006,
  ngd: 0.1,
  sd: 0.1,
  clipped_gd: 0.3,
  clipped_sign: 0.003,
  gluon: 0.3,
  stochastic_spectral_descent: 0.1,
  polargrad: 0.01,
  muon_emerging: 0.01,
  muon_airbench: 0.1,
  neon: 0.1,
  f_neon: 0.1,
  aurora: 0.1,
  riemannian_aurora: 0.1,
  rmnp: 0.1,
  nora: 0.1,
  mano: 0.01,
  mano_v2: 0.01,
  mano_simple: 0.006,
  mano_v2_both: 0.01,
  rsgd: 0.1,
};

/** The k-th learning rate of an optimizer's grid: powers of three around a guess. */
export function gridRate(optimizer: string, k: number): number {
  return Number(((centres[optimizer] ?? 0.03) * 3 ** k).toPrecision(2));
}

/** The loss at the k-th rate; null, where the run diverged, is worse than any. */
type LossAt = (k: number) => Promise<number | null>;

const MOST = 9;

/**
 * The best k of the rates −1, 0, 1 and as many beyond as it takes until the best has a worse one on either side, nine at
 * most. Of equal ones the smallest.
 */
export async function searchRates(lossAt: LossAt): Promise<number> {
  const losses = new Map<number, number>();
  const look = async (k: number): Promise<void> => {
    losses.set(k, (await lossAt(k)) ?? Number.POSITIVE_INFINITY);
  };
  for (const k of [-1, 0, 1]) await look(k);
  for (;;) {
    const lowest = Math.min(...losses.values());
    const best = Math.min(...[...losses].filter(([, loss]) => loss === lowest).map(([k]) => k));
    const missing = [best - 1, best + 1].find((k) => !losses.has(k));
    if (missing === undefined || losses.size === MOST) return best;
    await look(missing);
  }
}

/** Looks at k and at smaller ones until one is worse than the one before. */
export async function descendRates(k: number, lossAt: LossAt): Promise<void> {
  const look = async (one: number): Promise<number> => (await lossAt(one)) ?? Number.POSITIVE_INFINITY;
  let last = await look(k);
  for (let lower = k - 1; lower > k - MOST; lower--) {
    const loss = await look(lower);
    if (loss > last) return;
    last = loss;
  }
}

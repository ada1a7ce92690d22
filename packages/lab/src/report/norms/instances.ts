import type { OptimizerName } from "steepest";
import type { NormName } from "steepest/norms";

/** A method that is uSCG in some norm. */
export interface Instance {
  /** As papers call it. */
  readonly method: string;
  readonly optimizer: OptimizerName;
  /** Options with which it is this, beside the rate. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly norm: NormName;
  /** Options of uSCG with that norm that make the same steps. */
  readonly uscg: Readonly<Record<string, unknown>>;
}

const average = { momentum: 0.9 };
const last = { momentum: 0 };
const exact = { polar: "svd" };

/**
 * Methods for a matrix that are unconstrained stochastic conditional gradient, X ← X + γ lmo(d), d ← (1−α)d + αG, by the norm
 * they measure the step in; a test makes the steps of both. α = 1 − momentum.
 */
export const instances: readonly Instance[] = [
  {
    method: "Normalized SGD",
    optimizer: "nsgd",
    options: last,
    norm: "frobenius",
    uscg: { ...last, eps: 1e-12 },
  },
  {
    method: "Normalized SGDM",
    optimizer: "nsgd",
    options: average,
    norm: "frobenius",
    uscg: { ...average, eps: 1e-12 },
  },
  { method: "SignSGD", optimizer: "signsgd", options: {}, norm: "max", uscg: last },
  { method: "Signum", optimizer: "signum", options: average, norm: "max", uscg: average },
  {
    method: "Muon, without Nesterov",
    optimizer: "muon",
    options: { ...average, nesterov: false, scale: "none" },
    norm: "operator",
    uscg: average,
  },
  {
    method: "Muon with its shape factor",
    optimizer: "muon",
    options: { ...average, nesterov: false },
    norm: "spectral_max",
    uscg: average,
  },
  {
    method: "Muon, by SVD",
    optimizer: "muon_exact",
    options: average,
    norm: "operator",
    uscg: { ...average, ...exact },
  },
  {
    method: "Neon",
    optimizer: "neon",
    options: { ...average, topPair: "svd" },
    norm: "nuclear",
    uscg: average,
  },
  {
    method: "F-Muon",
    optimizer: "f_muon",
    options: { ...average, ...exact },
    norm: "f_star",
    uscg: { ...average, ...exact, alpha: 0.5 },
  },
  {
    method: "F-Neon",
    optimizer: "f_neon",
    options: { ...average, topPair: "svd" },
    norm: "f_two",
    uscg: { ...average, alpha: 0.5 },
  },
  {
    method: "Column-normalised SGD",
    optimizer: "colnorm_sgd",
    options: average,
    norm: "columns",
    uscg: average,
  },
  {
    method: "Row-normalised SGD",
    optimizer: "rownorm_sgd",
    options: average,
    norm: "rownorm_input",
    uscg: average,
  },
  {
    method: "Unconstrained Scion, a hidden layer",
    optimizer: "unconstrained_scion",
    options: { ...average, radius: 1 },
    norm: "spectral",
    uscg: average,
  },
];

/** What `--watch` can show of a run, with a line of help each. */
export const diagnostics = {
  grad: "norm of the gradient",
  dual: "dual norm of the method's estimator, and the threshold it is compared with",
  norms: "weights and updates in the method's own norm, against their bound; row magnitude and coherence",
  gap: "Wolfe gap in the method's ball",
  smoothness: "L0 and L1; descent of a step as promised and as it was",
  spectra: "singular values of weight, momentum and update; stable and effective rank",
  snr: "variance of the gradient over parts of the batch, signal-to-noise ratio",
  geodesic: "distance between successive updates on oblique, sphere and Stiefel manifolds",
  angle: "angle between a weight before and after the step",
  features: "size of hidden vectors and of their change by a step; operator norms",
} as const;

export type DiagnosticName = keyof typeof diagnostics;

export const diagnosticNames = Object.keys(diagnostics) as readonly DiagnosticName[];

export function isDiagnostic(name: string): name is DiagnosticName {
  return Object.hasOwn(diagnostics, name);
}

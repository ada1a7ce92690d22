/** Public functions that have no call in the table, by the reason. */
export const withoutCall: Readonly<Record<string, readonly string[]>> = {
  "read no array": [
    ..."np.arange np.array np.bartlett np.blackman np.broadcastShapes np.diagIndices np.eye np.fft.fftfreq".split(
      " ",
    ),
    ..."np.fft.rfftfreq np.finfo np.fromfunction np.full np.geomspace np.hann np.identity np.iinfo np.indices".split(
      " ",
    ),
    ..."np.isscalar np.linspace np.logspace np.ones np.promoteTypes np.resultType np.tri np.zeros random.key".split(
      " ",
    ),
  ],
  "read shape or type alone": [
    ..."np.diagIndicesFrom np.fullLike np.ndim np.onesLike np.shape np.size np.zerosLike".split(" "),
  ],
  "answer with a number of JavaScript, or take a function": [
    ..."np.allclose np.applyAlongAxis np.applyOverAxes np.arrayEqual np.arrayEquiv np.broadcastArrays".split(
      " ",
    ),
  ],
  "other axes of functions that have a call": [
    ..."np.astype np.dsplit np.hsplit np.vsplit np.floatPower np.linalg.tensordot np.linalg.trace".split(" "),
    ..."np.linalg.vectorNorm np.linalg.cross np.linalg.diagonal np.linalg.outer np.linalg.vecdot".split(" "),
  ],
  "transforms of the ones that have a call": [
    ..."np.fft.hfft np.fft.ihfft np.fft.irfft np.fft.irfft2 np.fft.irfftn np.fft.rfft2 np.fft.rfftn".split(
      " ",
    ),
  ],
  "jax-js 0.1.25 itself fails": ["np.ldexp"],
  "unique up to signs; compared in cuts.test.ts": [
    ..."np.linalg.eigh np.linalg.svd lax.linalg.eigh lax.linalg.svd".split(" "),
  ],
  "the same functions of another name": [
    ..."np.linalg.cholesky scipySpecial.erf scipySpecial.erfc scipySpecial.logSoftmax".split(" "),
    ..."scipySpecial.logit scipySpecial.logsumexp scipySpecial.softmax".split(" "),
  ],
};

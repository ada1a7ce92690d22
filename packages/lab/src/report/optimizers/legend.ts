/** What the numbers and letters of the table mean. */
export const legend =
  "Weights are m × n with m ≤ n, r is a rank, K the steps between two refreshes, T the iterations of a matrix function. " +
  "State is that of an m × n weight. Measured on the default GPT, 300 steps at the best learning rate: " +
  "state in floats per parameter, processor time of a whole step on one thread, validation loss in nats per character.";

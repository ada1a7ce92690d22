/** For the help and for messages. */
export const axisSyntax =
  "NAME=VALUE,VALUE,… or NAME=LOW..HIGH[:POINTS][:log|linear], for example learningRate=1e-4..1e-1 or width=64,128";

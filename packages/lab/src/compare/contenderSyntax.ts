/** For the help and for messages. */
export const contenderSyntax =
  "NAME or NAME:option=value,option=value, for example muon:learningRate=0.02,momentum=0.9";

import { autoEntry } from "./auto.ts";
import { biasRmsEntry } from "./biasRms.ts";
import { biasSignEntry } from "./biasSign.ts";
import { colnormEntry, colnormNormalizedEntry, columnsEntry } from "./columns.ts";
import type { NormEntry } from "./entry.ts";
import { euclideanEntry } from "./euclidean.ts";
import { frobeniusEntry } from "./frobenius.ts";
import { fStarEntry } from "./fStar.ts";
import { fTwoEntry } from "./fTwo.ts";
import { kyFanEntry } from "./kyFanDual.ts";
import { l1Entry } from "./l1.ts";
import { maxEntry } from "./max.ts";
import { nuclearEntry } from "./nuclear.ts";
import { rownormEntry, rownormInputEntry } from "./rows.ts";
import { schattenEntry } from "./schattenP.ts";
import { signEntry, signNormalizedEntry } from "./sign.ts";
import { operatorEntry, spectral2RmsEntry, spectralEntry, spectralMaxEntry } from "./spectral.ts";
import { spectralConvEntry } from "./spectralConv.ts";

/** Every norm that has a name, in the order of docs/norms.md. A new norm is its file and a line here. */
export const norms = [
  frobeniusEntry,
  euclideanEntry,
  maxEntry,
  l1Entry,
  operatorEntry,
  spectralEntry,
  spectralMaxEntry,
  spectral2RmsEntry,
  spectralConvEntry,
  nuclearEntry,
  schattenEntry,
  kyFanEntry,
  fStarEntry,
  fTwoEntry,
  columnsEntry,
  colnormEntry,
  colnormNormalizedEntry,
  rownormEntry,
  rownormInputEntry,
  signEntry,
  signNormalizedEntry,
  biasRmsEntry,
  biasSignEntry,
  autoEntry,
] as const satisfies readonly NormEntry[];

import "../packages/steepest/src/polyfill.ts";
import { hashStringsOnce } from "./hashStringsOnce.ts";

hashStringsOnce();

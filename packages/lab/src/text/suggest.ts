/** For commands that load it only where a name was wrong: nothing else of the library is needed until then. */
export { didYouMean } from "steepest";

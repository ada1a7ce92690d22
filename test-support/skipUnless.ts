import { beforeEach, TestRunner } from "vitest";

/** Between what is skipped and what would enable it, in the note that the table at the end of a run is made from. */
export const ENABLED_BY = "; enabled by: ";

/**
 * Skips a test where the machine lacks what it needs, so that the run ends with a line that says so. In a test, the rest
 * of it; in the body of a `describe` or of a file, all its tests (not its `beforeAll`, which has to see to itself).
 *
 * - `what` is not tested then: "exported graphs against onnx.checker"
 * - `enabledBy`: "apt-get install python3-onnx"
 */
export function skipUnless(met: boolean, what: string, enabledBy: string): void {
  if (met) return;
  const note = what + ENABLED_BY + enabledBy;
  const current = TestRunner.getCurrentTest();
  if (current === undefined) beforeEach(({ skip }) => skip(note));
  else current.context.skip(note);
}

import jstat from "jstat";

/** What of jstat is used; it has no types of its own. */
interface StudentT {
  /** P(T ≤ x) with so many degrees of freedom. */
  cdf(x: number, freedom: number): number;
  /** The x with P(T ≤ x) = p. */
  inv(p: number, freedom: number): number;
}

export const studentT: StudentT = jstat.studentt;

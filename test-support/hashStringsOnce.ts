import { makeJaxpr, numpy } from "@jax-js/jax";

/** The state of jax-js's rolling hash, v ← (v · BASE + x) mod MODULUS for each letter. */
interface Hasher {
  value: bigint;
  update(x: unknown): Hasher;
}

const BASE = 873192869n;
const MODULUS = 3189051996290219n;
/** Strings that are remembered at once. */
const MOST = 20_000;

/**
 * jax-js keeps what it compiled by hashes of graphs, and hashes each letter of each name and option in BigInts: a sixth of the time
 * of eager tests. A string's letters are one affine map of the state, the same wherever it stands, so that it is found once:
 * hashes stay what they are, to the last bit. Nothing is done, and nothing lost, where jax-js works otherwise.
 */
export function hashStringsOnce(): void {
  const hasher = hasherPrototype();
  if (hasher === undefined || Object.hasOwn(hasher, done)) return;
  const plain = hasher.update;
  const known = new Map<string, readonly [factor: bigint, rest: bigint]>();
  const mapOf = (text: string): readonly [bigint, bigint] => {
    const [zero, one] = [0n, 1n].map((value) => {
      const state = Object.create(hasher, { value: { value, writable: true } }) as Hasher;
      letters(state, text);
      return state.value;
    });
    return [((one ?? 0n) - (zero ?? 0n) + MODULUS) % MODULUS, zero ?? 0n];
  };
  hasher.update = function update(this: Hasher, x: unknown): Hasher {
    if (typeof x !== "string") return plain.call(this, x);
    let map = known.get(x);
    if (map === undefined) {
      if (known.size >= MOST) known.clear();
      map = mapOf(x);
      known.set(x, map);
    }
    this.value = (this.value * map[0] + map[1]) % MODULUS;
    return this;
  };
  Object.defineProperty(hasher, done, { value: true });
}

const done = Symbol.for("steepest.hashStringsOnce");

function letters(state: Hasher, text: string): void {
  const add = (x: bigint): void => {
    state.value = (state.value * BASE + x) % MODULUS;
  };
  add(BigInt(text.length));
  for (let i = 0; i < text.length; i++) add(BigInt(199 + text.charCodeAt(i)));
}

/** Of the class that jax-js does not export, seen by a literal that is asked for its hash; undefined where it hashes otherwise. */
function hasherPrototype(): Hasher | undefined {
  const { jaxpr } = makeJaxpr((x: numpy.Array) => x.mul(2))(numpy.ones([1])).jaxpr;
  const literal = jaxpr.eqns.flatMap(({ inputs }) => inputs).find((one) => "value" in one);
  let seen: Hasher | undefined;
  if (literal === undefined) return undefined;
  Object.assign(literal, {
    value: {
      hash: (state: Hasher): void => {
        seen = state;
      },
    },
  });
  jaxpr.getHash();
  if (seen === undefined) return undefined;
  const prototype = Object.getPrototypeOf(seen) as Hasher;
  const of = (update: (state: Hasher) => void): bigint => {
    const state = new (prototype.constructor as new () => Hasher)();
    update(state);
    return state.value;
  };
  const same = of((state) => state.update("a word")) === of((state) => letters(state, "a word"));
  return same ? prototype : undefined;
}

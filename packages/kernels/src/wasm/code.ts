import { ByteSink } from "./byteSink.ts";
import {
  LANES,
  type LaneName,
  MEMORY,
  MEMORY_LANES,
  type MemoryLaneName,
  type MemoryName,
  PLAIN,
  type PlainName,
  SIMD,
  type SimdName,
} from "./opcodes.ts";

export const TYPES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof TYPES;

/** A local variable of a function. */
export type Local = { readonly index: number; readonly type: ValueType };

const VECTOR = 0xfd;
const VOID = 0x40;

/** The body of a function, written instruction by instruction. */
export class Code {
  readonly #sink = new ByteSink();
  readonly #locals: ValueType[] = [];
  readonly parameters: readonly Local[];

  constructor(parameters: readonly ValueType[]) {
    this.parameters = parameters.map((type, index) => ({ index, type }));
  }

  local(type: ValueType): Local {
    return { index: this.parameters.length + this.#locals.push(type) - 1, type };
  }

  get({ index }: Local): this {
    this.#sink.byte(0x20).unsigned(index);
    return this;
  }

  set({ index }: Local): this {
    this.#sink.byte(0x21).unsigned(index);
    return this;
  }

  tee({ index }: Local): this {
    this.#sink.byte(0x22).unsigned(index);
    return this;
  }

  i32(value: number): this {
    this.#sink.byte(0x41).signed(value);
    return this;
  }

  /** Four times the same 32 bits. */
  splatBits(bits: number): this {
    this.#sink.byte(VECTOR).unsigned(0x0c);
    for (let lane = 0; lane < 4; lane++)
      this.#sink.byte(bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255, bits >>> 24);
    return this;
  }

  splatFloat(value: number): this {
    return this.splatBits(new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0);
  }

  /** All bits of the first lane set, none of the others. */
  firstLane(): this {
    this.#sink.byte(VECTOR).unsigned(0x0c);
    for (let i = 0; i < 16; i++) this.#sink.byte(i < 4 ? 255 : 0);
    return this;
  }

  plain(...names: PlainName[]): this {
    for (const name of names) this.#sink.byte(PLAIN[name]);
    return this;
  }

  simd(...names: SimdName[]): this {
    for (const name of names) this.#sink.byte(VECTOR).unsigned(SIMD[name]);
    return this;
  }

  lane(name: LaneName, lane: number): this {
    this.#sink.byte(VECTOR).unsigned(LANES[name]).byte(lane);
    return this;
  }

  /** The two vectors on the stack become one: lanes 0 to 3 are the first one's, 4 to 7 the second one's. */
  shuffle(lanes: readonly [number, number, number, number]): this {
    this.#sink.byte(VECTOR).unsigned(0x0d);
    for (const lane of lanes) for (let i = 0; i < 4; i++) this.#sink.byte(4 * lane + i);
    return this;
  }

  memory(name: MemoryName, offset = 0): this {
    const { code, vector, align } = MEMORY[name];
    if (vector) this.#sink.byte(VECTOR).unsigned(code);
    else this.#sink.byte(code);
    this.#sink.unsigned(align).unsigned(offset);
    return this;
  }

  memoryLane(name: MemoryLaneName, lane: number, offset = 0): this {
    this.#sink.byte(VECTOR).unsigned(MEMORY_LANES[name]).unsigned(2).unsigned(offset).byte(lane);
    return this;
  }

  call(functionIndex: number): this {
    this.#sink.byte(0x10).unsigned(functionIndex);
    return this;
  }

  /** Runs `body` where the number on the stack is not 0. */
  when(body: () => void): this {
    this.#sink.byte(0x04, VOID);
    body();
    return this.plain("end");
  }

  /** Runs `yes` where the number on the stack is not 0, else `no`. */
  choose(yes: () => void, no: () => void): this {
    this.#sink.byte(0x04, VOID);
    yes();
    this.plain("else");
    no();
    return this.plain("end");
  }

  /** Runs `body` once, and again as long as it leaves a number on the stack that is not 0. */
  repeat(body: () => void): this {
    this.#sink.byte(0x03, VOID);
    body();
    this.#sink.byte(0x0d).unsigned(0);
    return this.plain("end");
  }

  /** As the code section wants it. */
  encode(): ByteSink {
    const body = new ByteSink().unsigned(this.#locals.length);
    for (const type of this.#locals) body.unsigned(1).byte(TYPES[type]);
    return body.append(this.#sink.bytes).byte(PLAIN.end);
  }
}

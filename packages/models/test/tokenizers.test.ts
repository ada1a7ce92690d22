import { characterTokenizer, DataError, gpt2Tokenizer, loadTokenizer } from "@steepest/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("characters", () => {
  test("the vocabulary is the distinct code points in order, whatever the order of the text", () => {
    const tokenizer = characterTokenizer("b🐋aab\n");
    expect(tokenizer.vocabSize).toBe(4);
    expect([...tokenizer.encode("\nab🐋")]).toEqual([0, 1, 2, 3]);
    expect(characterTokenizer("\nab🐋").toJSON()).toEqual(tokenizer.toJSON());
  });

  test("any text survives encode and decode, and the stored vocabulary does the same", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (text) => {
        const tokenizer = characterTokenizer(text);
        const tokens = tokenizer.encode(text);
        expect(tokenizer.decode(tokens)).toBe(text);
        const stored = await loadTokenizer(JSON.parse(JSON.stringify(tokenizer)));
        expect([...stored.encode(text)]).toEqual([...tokens]);
      }),
    );
  });

  test("an unknown character and an unknown id are named", () => {
    const tokenizer = characterTokenizer("abc");
    expect(() => tokenizer.encode("ab🐋")).toThrow(DataError);
    expect(() => tokenizer.encode("abé")).toThrow(
      /character "é" \(U\+00E9\) at position 2 .* gpt2 tokenizer/,
    );
    expect(() => tokenizer.decode([0, 3])).toThrow(/token 3 is not in 0 … 2/);
    expect(() => characterTokenizer("")).toThrow(DataError);
  });
});

describe("gpt2", () => {
  test("known ids", async () => {
    const tokenizer = await gpt2Tokenizer();
    expect(tokenizer.vocabSize).toBe(50257);
    expect([...tokenizer.encode("Hello world")]).toEqual([15496, 995]); // from OpenAI's encoder
  });

  test("any text without lone surrogates survives", async () => {
    const tokenizer = await loadTokenizer({ name: "gpt2" });
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  test("a long text and a long run of one letter, which took 6.6 s", async () => {
    const tokenizer = await gpt2Tokenizer();
    const words = "one two three ".repeat(50_000);
    expect(tokenizer.encode(words).length).toBe(150_001);
    const run = "a".repeat(1_000_000);
    expect(tokenizer.decode(tokenizer.encode(run))).toBe(run);
  });

  test("<|endoftext|> in a text is ordinary text", async () => {
    const tokenizer = await gpt2Tokenizer();
    const tokens = tokenizer.encode("a<|endoftext|>b");
    expect([...tokens]).not.toContain(50256);
    expect(tokenizer.decode(tokens)).toBe("a<|endoftext|>b");
    expect(() => tokenizer.decode([50257])).toThrow(/token 50257 is not in 0 … 50256/);
  });
});

import { numpy as np } from "@jax-js/jax";
import {
  ConfigError,
  checkpointTensors,
  exportWeights,
  gpt,
  gpt2,
  type HostTensor,
  type HostTensors,
  huggingFaceConfig,
  importWeights,
  type LanguageModel,
  languageModelFromHuggingFace,
  llama,
  qwen3,
  tableRows,
  tensorsSource,
  WeightsError,
  weightReader,
} from "@steepest/models";
import { namedLeaves, type Tree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { flat, sampleParams } from "./languageModelContract.ts";

const sizes = { vocabSize: 7, context: 5, width: 8, depth: 2, heads: 2 };
const models: LanguageModel[] = [
  gpt2(sizes),
  llama(sizes),
  qwen3({ ...sizes, heads: 4, kvHeads: 2, headDim: 4 }),
  gpt({ ...sizes, heads: 3, width: 12 }),
];
const cases = models.map((model) => ({ model, name: model.name }));
const numbers = (params: Tree) => namedLeaves(params).map(([path, leaf]) => [path, leaf.shape, flat(leaf)]);
const tensor = (shape: number[], fill = 0): HostTensor => ({
  dtype: "float32",
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill),
});
/** As `params.safetensors` of a run's checkpoint holds them. */
const ownTensors = (model: LanguageModel): HostTensors =>
  Object.fromEntries(
    namedLeaves(sampleParams(model)).map(([path, leaf]) => [
      path,
      { dtype: "float32", shape: leaf.shape, data: Float32Array.from(flat(leaf)) },
    ]),
  );

describe.each(cases)("$name", ({ model }) => {
  test("out and in again gives the same parameters", async () => {
    const tensors = await exportWeights(model, sampleParams(model));
    expect(numbers(await importWeights(model, tensors))).toEqual(numbers(sampleParams(model)));
  });

  test("a checkpoint of a run has the model's own paths, which are taken as well", async () => {
    expect(numbers(await importWeights(model, ownTensors(model)))).toEqual(numbers(sampleParams(model)));
    const { "blocks.1.attention.out": _, ...rest } = ownTensors(model);
    await expect(importWeights(model, rest)).rejects.toThrow(/missing: "blocks\.1\.attention\.out" \[/);
  });

  test("what a run keeps becomes the same tensors as the parameters do", async () => {
    expect(checkpointTensors(model, ownTensors(model))).toEqual(
      await exportWeights(model, sampleParams(model)),
    );
  });

  test("a reader gives the same numbers, one parameter at a time", async () => {
    for (const tensors of [ownTensors(model), await exportWeights(model, sampleParams(model))]) {
      const source = tensorsSource(tensors);
      const reads: string[] = [];
      const readSync = (name: string) => {
        reads.push(name);
        return source.readSync(name);
      };
      const read = weightReader(model, { ...source, readSync });
      expect(reads).toEqual([]);
      for (const [path, , values] of numbers(sampleParams(model))) {
        expect([...read(String(path))]).toEqual(values);
      }
      expect(reads.sort()).toEqual(Object.keys(tensors).sort()); // each once
    }
  });

  test("the lengths of its tables", async () => {
    const positions = model.name === "gpt2" && { positions: 5 };
    const any = { ...model, parameters: model.parameters.map((one) => ({ ...one, shape: [] })) };
    for (const tensors of [ownTensors(model), await exportWeights(model, sampleParams(model))]) {
      expect(tableRows(any, tensorsSource(tensors).tensors)).toEqual({ embedding: 7, ...positions });
    }
    expect(tableRows(model, new Map())).toEqual({});
  });

  test("a value is taken before the next is read", async () => {
    const source = tensorsSource(await exportWeights(model, sampleParams(model)));
    const events: string[] = [];
    const params = await importWeights(
      model,
      {
        ...source,
        read(name) {
          events.push("read");
          return source.read(name);
        },
      },
      {
        take(parameter, value) {
          events.push(parameter.path);
          expect(value.shape).toEqual(parameter.shape);
          value.dispose();
          return np.zeros(value.shape);
        },
      },
    );
    expect(events.filter((event) => event !== "read")).toHaveLength(model.parameters.length);
    expect(events.join(" ")).not.toContain("read read");
    for (const [, leaf] of namedLeaves(params)) expect(flat(leaf).every((x) => x === 0)).toBe(true);
  });

  test("nothing leaks, also when the weights do not fit", async () => {
    const work = async () => {
      const tensors = await exportWeights(model, sampleParams(model));
      await exportWeights(
        models[(models.indexOf(model) + 1) % 4] as LanguageModel,
        sampleParams(model),
      ).catch(() => {});
      await importWeights(model, { ...tensors, more: tensor([1]) }).catch(() => {});
      const [last] = Object.keys(tensors).slice(-1);
      const broken = Promise.reject(new Error("disk"));
      broken.catch(() => {});
      const source = {
        tensors: new Map(
          Object.entries(tensors).map(([name, t]) => [
            name,
            { shape: t.shape, dtype: t.dtype, stored: "F32" as const },
          ]),
        ),
        read: (name: string) => (name === last ? broken : Promise.resolve(tensors[name] as HostTensor)),
        close: async () => {},
      };
      await expect(importWeights(model, source)).rejects.toThrow("disk");
    };
    expect(await leakedBuffers(work)).toBe(0);
  });
});

test("the names are those of Hugging Face", async () => {
  const names = async (model: LanguageModel) => Object.keys(await exportWeights(model, sampleParams(model)));
  const one = { ...sizes, depth: 1 };
  expect(await names(gpt2(one))).toEqual(
    [
      "wte.weight",
      "wpe.weight",
      "h.0.ln_1.weight",
      "h.0.ln_1.bias",
      "h.0.attn.c_attn.weight",
      "h.0.attn.c_attn.bias",
      "h.0.attn.c_proj.weight",
      "h.0.attn.c_proj.bias",
      "h.0.ln_2.weight",
      "h.0.ln_2.bias",
      "h.0.mlp.c_fc.weight",
      "h.0.mlp.c_fc.bias",
      "h.0.mlp.c_proj.weight",
      "h.0.mlp.c_proj.bias",
      "ln_f.weight",
      "ln_f.bias",
    ].map((name) => `transformer.${name}`),
  );
  const block = [
    "input_layernorm",
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "post_attention_layernorm",
    "mlp.up_proj",
    "mlp.gate_proj",
    "mlp.down_proj",
  ];
  const inLayer = (name: string) => `model.layers.0.${name}.weight`;
  const ends = ["model.embed_tokens.weight", "model.norm.weight"];
  expect((await names(llama(one))).sort()).toEqual([...block.map(inLayer), ...ends, "lm_head.weight"].sort());
  const norms = ["self_attn.q_norm", "self_attn.k_norm"];
  expect((await names(qwen3(one))).sort()).toEqual([...[...block, ...norms].map(inLayer), ...ends].sort());
});

test("GPT-2's fused weight is query, key and value beside one another, transposed", async () => {
  const model = gpt2({ ...sizes, depth: 1 });
  const tensors = await exportWeights(model, sampleParams(model));
  const fused = tensors["transformer.h.0.attn.c_attn.weight"];
  expect(fused?.shape).toEqual([8, 24]);
  const [block] = sampleParams(model).blocks;
  const { query, value } = block?.attention ?? {};
  // weight[out, in] stands in row `in`, column `out` of its third
  expect(fused?.data[4 * 24 + 2]).toBe(flat(query as never)[2 * 8 + 4]);
  expect(fused?.data[5 * 24 + 16 + 1]).toBe(flat(value as never)[1 * 8 + 5]);
  expect(tensors["transformer.h.0.mlp.c_fc.weight"]?.shape).toEqual([8, 32]);
});

describe("GPT-2's table of positions", () => {
  const long = gpt2(sizes);
  const short = gpt2({ ...sizes, context: 3 });
  test.each<[string, () => Promise<HostTensors> | HostTensors]>([
    ["Hugging Face's names", () => exportWeights(long, sampleParams(long))],
    ["our own paths", () => ownTensors(long)],
  ])("gives its first rows to a model with a shorter context (%s)", async (_, tensors) => {
    const params = numbers(await importWeights(short, await tensors()));
    const expected = numbers(sampleParams(long)).map(([path, shape, values]) =>
      path === "positions" ? [path, [3, 8], (values as number[]).slice(0, 24)] : [path, shape, values],
    );
    expect(params).toEqual(expected);
  });

  test("cannot give rows it does not have", async () => {
    const tensors = await exportWeights(short, sampleParams(short));
    await expect(importWeights(long, tensors)).rejects.toThrow(
      /"transformer.wpe.weight" is \[3,8\], expected \[5,8\]/,
    );
    const narrow = { ...tensors, "transformer.wpe.weight": tensor([9, 7]) };
    await expect(importWeights(short, narrow)).rejects.toThrow(
      /"transformer.wpe.weight" is \[9,7\], expected \[3,8\]/,
    );
  });
});

describe("importWeights", () => {
  const model = llama(sizes);
  const good = () => exportWeights(model, sampleParams(model));
  const without = ({ ...tensors }: Record<string, HostTensor>, name: string): HostTensors => {
    delete tensors[name];
    return tensors;
  };

  test("takes the body with or without its prefix, and leaves masks and tables alone", async () => {
    const tensors = await good();
    const bare = Object.fromEntries(
      Object.entries(tensors).map(([name, t]) => [name.replace(/^model\./, ""), t]),
    );
    const inverse = { "layers.0.self_attn.rotary_emb.inv_freq": tensor([3]) };
    expect(numbers(await importWeights(model, { ...bare, ...inverse }))).toEqual(
      numbers(sampleParams(model)),
    );
  });

  test.each<[string, (tensors: HostTensors) => HostTensors, RegExp[]]>([
    [
      "missing",
      (tensors) => without(tensors, "model.norm.weight"),
      [/not those of this llama/, /missing: "model.norm.weight" \[8\]/],
    ],
    [
      "misspelt",
      (tensors) => ({ ...without(tensors, "model.norm.weight"), "model.nrm.weight": tensor([8]) }),
      [/missing: "model.norm.weight"/, /extra: "model.nrm.weight" \(did you mean "model.norm.weight"\?\)/],
    ],
    ["extra", (tensors) => ({ ...tensors, "model.extra": tensor([1]) }), [/extra: "model.extra"/]],
    [
      "of another shape",
      (tensors) => ({ ...tensors, "lm_head.weight": tensor([8, 7]) }),
      [/of the wrong shape or type: "lm_head.weight" is \[8,7\], expected \[7,8\]/],
    ],
    [
      "of another type",
      (tensors) => ({
        ...tensors,
        "lm_head.weight": { dtype: "int32", shape: [7, 8], data: new Int32Array(56) },
      }),
      [/"lm_head.weight" holds I32, expected floating-point numbers/],
    ],
    ["all missing", () => ({}), [/missing: .*, and 13 more/]],
  ])("names what is %s", async (_, change, messages) => {
    const changed = importWeights(model, change(await good()));
    await expect(changed).rejects.toThrow(WeightsError);
    for (const message of messages)
      await expect(importWeights(model, change(await good()))).rejects.toThrow(message);
  });

  test("shapes are compared before any numbers are read", async () => {
    const source = {
      tensors: new Map([["lm_head.weight", { shape: [9, 9], dtype: "float32", stored: "F32" } as const]]),
      read: () => Promise.reject(new Error("read")),
      close: async () => {},
    };
    await expect(importWeights(model, source)).rejects.toThrow(WeightsError);
  });

  test("float64 is rounded", async () => {
    const tensors = await good();
    const norm = { dtype: "float64", shape: [8], data: new Float64Array(8).fill(Math.PI) } as const;
    const params = await importWeights(model, { ...tensors, "model.norm.weight": norm });
    expect(numbers(params).find(([path]) => path === "finalGain")?.[2]).toEqual(
      new Array(8).fill(Math.fround(Math.PI)),
    );
  });

  test("a tied table may be stored under the head's name only, as safetensors leaves it", async () => {
    const tied: LanguageModel[] = [llama({ ...sizes, tiedHead: true }), gpt2(sizes)];
    for (const model of tied) {
      const tensors = await exportWeights(model, sampleParams(model));
      const name = Object.keys(tensors).find((each) => /embed_tokens|wte/.test(each)) ?? "";
      const { [name]: table, ...rest } = tensors;
      if (table === undefined) throw new Error("no table");
      const moved = { ...rest, "lm_head.weight": table };
      const params = await importWeights(model, moved);
      expect(numbers(params)).toEqual(numbers(sampleParams(model)));
      expect([...weightReader(model, tensorsSource(moved))("embedding")]).toEqual([...table.data]);
      expect(tableRows(model, tensorsSource(moved).tensors).embedding).toBe(7);
    }
  });

  test("names of compiled and of parallel training", async () => {
    const model = llama(sizes);
    const tensors = await exportWeights(model, sampleParams(model));
    for (const prefix of ["_orig_mod.", "module.", "module._orig_mod."]) {
      const wrapped = Object.fromEntries(Object.entries(tensors).map(([name, one]) => [prefix + name, one]));
      const params = await importWeights(model, wrapped);
      expect(numbers(params)).toEqual(numbers(sampleParams(model)));
      expect(tableRows(model, tensorsSource(wrapped).tensors).embedding).toBe(7);
      const [first = "", ...others] = Object.keys(wrapped);
      const { [first]: _, ...fewer } = wrapped;
      expect(others).toHaveLength(Object.keys(fewer).length);
      await expect(importWeights(model, fewer)).rejects.toThrow(/missing: /);
    }
  });

  test("a tied head may be stored again, if it is the same table", async () => {
    const tied = qwen3(sizes);
    const tensors = await exportWeights(tied, sampleParams(tied));
    const table = tensors["model.embed_tokens.weight"] as HostTensor;
    const params = await importWeights(tied, { ...tensors, "lm_head.weight": table });
    expect(numbers(params)).toEqual(numbers(sampleParams(tied)));
    const untied = { ...tensors, "lm_head.weight": tensor([7, 8], 1) };
    const message = /"lm_head.weight" differs from "model.embed_tokens.weight"/;
    await expect(importWeights(tied, untied)).rejects.toThrow(message);
    expect(() => weightReader(tied, tensorsSource(untied))("embedding")).toThrow(message);
  });
});

describe("exportWeights", () => {
  test("refuses parameters of another model", async () => {
    const deep = llama(sizes);
    const shallow = llama({ ...sizes, depth: 1 });
    const wide = llama({ ...sizes, hiddenWidth: 9 });
    await expect(exportWeights(deep, sampleParams(shallow))).rejects.toThrow(
      /no parameters of this llama: "blocks.1.attention.gain" is missing/,
    );
    await expect(exportWeights(shallow, sampleParams(deep))).rejects.toThrow(
      /this llama has no parameter "blocks.1.attention.gain"/,
    );
    await expect(exportWeights(deep, sampleParams(wide))).rejects.toThrow(
      /"blocks.0.feedForward.up" is \[9,8\], expected \[24,8\]/,
    );
  });
});

describe("config.json", () => {
  test.each(cases.filter(({ name }) => name !== "gpt"))("$name: there and back", ({ model }) => {
    const { initialization: _, ...config } = languageModelFromHuggingFace(huggingFaceConfig(model)).config;
    expect(model.config).toMatchObject(config);
  });

  const base = huggingFaceConfig(llama(sizes));
  test("Qwen3 0.6B's own file", () => {
    const published = {
      architectures: ["Qwen3ForCausalLM"],
      attention_bias: false,
      attention_dropout: 0,
      head_dim: 128,
      hidden_act: "silu",
      hidden_size: 1024,
      intermediate_size: 3072,
      max_position_embeddings: 40960,
      model_type: "qwen3",
      num_attention_heads: 16,
      num_hidden_layers: 28,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-6,
      rope_scaling: null,
      rope_theta: 1000000,
      sliding_window: null,
      tie_word_embeddings: true,
      use_sliding_window: false,
      vocab_size: 151936,
    };
    const model = languageModelFromHuggingFace(published, { context: 512 });
    expect(model.parameterCount).toBe(596049920);
    expect(model.context).toBe(512);
    expect(languageModelFromHuggingFace(published).context).toBe(40960);
  });

  test.each([
    { rope_type: "default", rope_theta: 500 },
    { rope_theta: 500 },
    { rope_theta: 500, partial_rotary_factor: 1 },
  ])("newer files keep the rotary base in rope_parameters: %o", (parameters) => {
    const { rope_theta: _, ...rest } = base;
    const model = languageModelFromHuggingFace({ ...rest, rope_parameters: parameters });
    expect(model.config.rotaryBase).toBe(500);
  });

  test("layers that all attend to everything are what we have", () => {
    const types = { layer_types: ["full_attention", "full_attention"] };
    expect(languageModelFromHuggingFace({ ...base, ...types }).name).toBe("llama");
  });

  test("a shorter context, of gpt2 at most its table", () => {
    const published = huggingFaceConfig(gpt2(sizes));
    expect(languageModelFromHuggingFace(published, { context: 3 }).context).toBe(3);
    expect(() => languageModelFromHuggingFace(published, { context: 6 })).toThrow(
      new ConfigError("a context of 6 is longer than the table of positions: config.json has n_positions 5"),
    );
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ model_type: "mistral" }, /model_type is "mistral"; gpt2, llama and qwen3/],
    [{ rope_scaling: { rope_type: "llama3", factor: 8 } }, /rope_scaling .*llama3.*only the default/],
    [{ rope_parameters: { factor: 8, rope_theta: 500 } }, /rope_parameters .*factor.*only the default/],
    [{ rope_parameters: { rope_type: "default", partial_rotary_factor: 0.5 } }, /only the default/],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor 0.5; supported is 1/],
    [{ layer_types: ["full_attention", "sliding_attention"] }, /layer_types with "sliding_attention"/],
    [{ attention_bias: true }, /attention_bias true; supported is false/],
    [{ hidden_act: "gelu" }, /hidden_act "gelu"; supported is silu/],
    [{ hidden_size: undefined }, /config.json has no hidden_size/],
    [{ hidden_size: "6" }, /config.json has hidden_size "6"; expected a number/],
    [{ num_key_value_heads: 3 }, /kvHeads must divide heads/],
  ])("refuses %o", (change, message) => {
    expect(() => languageModelFromHuggingFace({ ...base, ...change })).toThrow(ConfigError);
    expect(() => languageModelFromHuggingFace({ ...base, ...change })).toThrow(message);
  });

  test("refuses to describe what Hugging Face does not have", () => {
    expect(() => huggingFaceConfig(gpt(sizes))).toThrow(/no model of the family "gpt"/);
    expect(() => huggingFaceConfig(llama({ ...sizes, activationScale: true }))).toThrow(ConfigError);
  });
});

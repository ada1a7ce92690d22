import { numpy as np } from "@jax-js/jax";
import { inferRoles, listParameters, type Role } from "steepest";
import { describe, expect, test } from "vitest";

/** Names as the models have them, by role; shapes are as small as their rank allows. */
const models: Record<string, Partial<Record<Role, readonly string[]>>> = {
  "GPT-2": {
    embedding: ["transformer.wte.weight", "transformer.wpe.weight"],
    hidden: [
      "transformer.h.0.attn.c_attn.weight",
      "transformer.h.0.attn.c_proj.weight",
      "transformer.h.11.mlp.c_fc.weight",
      "transformer.h.11.mlp.c_proj.weight",
    ],
    gain: ["transformer.h.0.ln_1.weight", "transformer.ln_f.weight"],
    bias: ["transformer.h.0.ln_1.bias", "transformer.ln_f.bias", "transformer.h.0.attn.c_attn.bias"],
    head: ["lm_head.weight"],
  },
  "LLaMA, as Hugging Face names it": {
    embedding: ["model.embed_tokens.weight"],
    hidden: [
      "model.layers.0.self_attn.q_proj.weight",
      "model.layers.0.self_attn.o_proj.weight",
      "model.layers.0.mlp.gate_proj.weight",
      "model.layers.0.mlp.down_proj.weight",
    ],
    gain: ["model.layers.0.input_layernorm.weight", "model.norm.weight"],
    head: ["lm_head.weight", "score.weight"],
  },
  "LLaMA, as Meta names it": {
    embedding: ["tok_embeddings.weight"],
    hidden: [
      "layers.0.attention.wq.weight",
      "layers.0.attention.wo.weight",
      "layers.0.feed_forward.w1.weight",
    ],
    gain: ["layers.0.attention_norm.weight", "layers.0.ffn_norm.weight", "norm.weight"],
    head: ["output.weight"],
  },
  Qwen: {
    embedding: ["model.embed_tokens.weight", "transformer.wte.weight"],
    hidden: ["model.layers.3.self_attn.k_proj.weight", "transformer.h.0.mlp.w2.weight"],
    gain: ["model.layers.3.self_attn.q_norm.weight", "transformer.ln_f.weight"],
    bias: ["model.layers.3.self_attn.q_proj.bias"],
  },
  "GPT-NeoX": {
    embedding: ["gpt_neox.embed_in.weight"],
    hidden: ["gpt_neox.layers.0.attention.dense.weight", "gpt_neox.layers.0.mlp.dense_h_to_4h.weight"],
    head: ["embed_out.weight"],
  },
  ViT: {
    conv: ["vit.embeddings.patch_embeddings.projection.weight", "patch_embed.proj.weight"],
    hidden: [
      "vit.encoder.layer.0.attention.attention.query.weight",
      "vit.encoder.layer.0.attention.output.dense.weight",
      "vit.encoder.layer.0.intermediate.dense.weight",
      "vit.encoder.layer.0.output.dense.weight",
      "blocks.0.attn.qkv.weight",
      "blocks.0.mlp.fc1.weight",
    ],
    gain: ["vit.layernorm.weight", "blocks.0.norm1.weight"],
    bias: ["blocks.0.norm1.bias", "classifier.bias"],
    head: ["classifier.weight", "head.weight", "heads.head.weight"],
  },
  ResNet: {
    conv: ["conv1.weight", "layer1.0.downsample.0.weight"],
    gain: ["bn1.weight", "layer1.0.bn2.weight"],
    bias: ["bn1.bias", "fc.bias"],
    head: ["fc.weight"],
  },
  TransformerLens: {
    embedding: ["embed.W_E", "pos_embed.W_pos"],
    hidden: ["blocks.0.attn.W_Q", "blocks.0.attn.W_O", "blocks.0.mlp.W_in", "blocks.0.mlp.W_out"],
    gain: ["blocks.0.ln1.w", "ln_final.w"],
    bias: ["blocks.0.ln1.b", "blocks.0.attn.b_Q", "unembed.b_U"],
    head: ["unembed.W_U"],
  },
  "BERT, as in transformers.js": {
    embedding: [
      "bert.embeddings.word_embeddings.weight",
      "bert.embeddings.position_embeddings.weight",
      "bert.embeddings.token_type_embeddings.weight",
    ],
    hidden: [
      "bert.encoder.layer.0.attention.self.query.weight",
      "bert.encoder.layer.0.attention.output.dense.weight",
      "bert.encoder.layer.0.output.dense.weight",
      "cls.predictions.transform.dense.weight",
      "electra.embeddings_project.weight",
    ],
    gain: ["bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.gamma"],
    bias: ["bert.embeddings.LayerNorm.bias", "bert.embeddings.LayerNorm.beta"],
    head: ["cls.predictions.decoder.weight", "qa_outputs.weight"],
  },
  T5: {
    embedding: ["shared.weight", "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"],
    hidden: [
      "encoder.block.0.layer.0.SelfAttention.q.weight",
      "encoder.block.0.layer.1.DenseReluDense.wi_0.weight",
    ],
    gain: ["encoder.block.0.layer.0.layer_norm.weight", "encoder.final_layer_norm.weight"],
    head: ["lm_head.weight"],
  },
  Keras: {
    embedding: ["token_embedding/embeddings:0", "embedding/embeddings"],
    hidden: ["dense/kernel:0", "transformer_block_1/dense_2/kernel"],
    gain: ["batch_normalization/gamma:0", "layer_normalization_3/gamma"],
    bias: ["batch_normalization/beta:0", "dense/bias:0"],
    head: ["predictions/kernel:0", "logits/kernel", "classifier_head/kernel"],
  },
  "names people give": {
    embedding: ["wordEmbedding", "charEmbedding", "tokenEmbedding.weight", "pos_emb", "embed"],
    hidden: [
      "attention.output",
      "mlp.output",
      "blocks.0.attention.output",
      "blocks.0.head",
      "layers.1.output",
      "attnOutput",
      "hidden.weight",
      "timeEmbedding.linear.weight",
      "patchEmbedding",
      "outProj",
      "overhead",
      "ahead",
    ],
    head: [
      "outputHead",
      "classifierHead",
      "outputLayer",
      "lmHead",
      "output",
      "output_projection",
      "unembedding",
    ],
    gain: ["layerNorm", "finalGain", "normScale", "ln1"],
    bias: ["normBias", "layer_norm.bias", "b", "temperature"],
  },
};

const rank: Record<Role, number> = { hidden: 2, embedding: 2, head: 2, conv: 4, gain: 1, bias: 1 };

describe.each(Object.entries(models))("%s", (_, names) => {
  const rows = Object.entries(names).flatMap(([role, paths]) =>
    paths.map((path) => ({ role: role as Role, path })),
  );
  test.each(rows)("$path is $role", ({ role, path }) => {
    expect(inferRoles({ [path]: np.zeros(Array(rank[role]).fill(2)) })[0]?.role).toBe(role);
  });
});

test("a role that is given wins over the name", () => {
  const given: Record<string, Role> = {
    embedding: "hidden",
    "attention.output": "hidden",
    head: "hidden",
    mix: "head",
  };
  const found = listParameters(
    Object.fromEntries(Object.keys(given).map((path) => [path, np.zeros([3, 3])])),
    (path) => given[path],
  );
  expect(Object.fromEntries(found.map(({ path, role }) => [path, role]))).toEqual(given);
});

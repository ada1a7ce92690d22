"""Tiny random checkpoints in Hugging Face's layout, and the logits they have.

    reference_checkpoints.py <folder>

writes <folder>/{gpt2,llama,qwen3}/ with config.json, the weights and reference.json (token ids and float64
logits). The forward passes are written from the models' definitions, on the names and layouts of the files, in numpy
alone: neither torch nor `transformers` is needed. gpt2 is one float32 file without the "transformer." prefix and with
the causal masks that old checkpoints carry; llama is one float16 file; qwen3 is bfloat16 in two shards with an index.
"""

import json
import math
import os
import struct
import sys

import numpy as np

random = np.random.default_rng(1234)


def stored(dtype, values):
    """What a file of this type keeps of float32 values: (type, shape, bytes), and the values it stands for."""
    values = np.asarray(values, np.float32)
    if dtype == "F32":
        return (dtype, values.shape, values.tobytes()), values.astype(np.float64)
    if dtype == "F16":
        halves = values.astype(np.float16)
        return (dtype, values.shape, halves.tobytes()), halves.astype(np.float64)
    # bfloat16 is the upper half of a float32; a half of the lowest bit is added first, less one where that makes it even
    bits = values.view(np.uint32)
    halves = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    exact = (halves.astype(np.uint32) << 16).view(np.float32)
    return ("BF16", values.shape, halves.tobytes()), exact.astype(np.float64)


def draw(shapes, is_gain, dtype):
    """Random parameters: what the file keeps, and the float64 values to compute with."""
    files, values = {}, {}
    for name, shape in shapes.items():
        files[name], values[name] = stored(dtype, 0.3 * random.standard_normal(shape) + is_gain(name))
    return files, values


def save_safetensors(path, tensors):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, data in tensors.values():
            file.write(data)


def write(folder, config, shards, logits, tokens):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(config, file)
    if len(shards) == 1:
        save_safetensors(os.path.join(folder, "model.safetensors"), shards[0])
    else:
        place = {}
        for i, tensors in enumerate(shards):
            name = f"model-{i + 1:05d}-of-{len(shards):05d}.safetensors"
            save_safetensors(os.path.join(folder, name), tensors)
            place.update({tensor: name for tensor in tensors})
        with open(os.path.join(folder, "model.safetensors.index.json"), "w") as file:
            json.dump({"metadata": {"total_size": 0}, "weight_map": place}, file)
    with open(os.path.join(folder, "reference.json"), "w") as file:
        json.dump({"tokens": tokens.tolist(), "logits": logits.tolist()}, file)


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def causal_softmax(scores):
    time = scores.shape[-1]
    return softmax(np.where(np.tri(time, dtype=bool), scores, -np.inf))


def gpt2(folder):
    vocab, positions, width, layers, heads = 61, 16, 24, 3, 4
    shapes = {"wte.weight": (vocab, width), "wpe.weight": (positions, width)}
    for i in range(layers):
        shapes.update(
            {
                f"h.{i}.ln_1.weight": (width,),
                f"h.{i}.ln_1.bias": (width,),
                f"h.{i}.attn.c_attn.weight": (width, 3 * width),
                f"h.{i}.attn.c_attn.bias": (3 * width,),
                f"h.{i}.attn.c_proj.weight": (width, width),
                f"h.{i}.attn.c_proj.bias": (width,),
                f"h.{i}.ln_2.weight": (width,),
                f"h.{i}.ln_2.bias": (width,),
                f"h.{i}.mlp.c_fc.weight": (width, 4 * width),
                f"h.{i}.mlp.c_fc.bias": (4 * width,),
                f"h.{i}.mlp.c_proj.weight": (4 * width, width),
                f"h.{i}.mlp.c_proj.bias": (width,),
            }
        )
    shapes.update({"ln_f.weight": (width,), "ln_f.bias": (width,)})
    w, d = draw(shapes, lambda name: "ln_" in name and "weight" in name, "F32")
    tokens = random.integers(vocab, size=(2, positions))

    def conv1d(x, name):  # Hugging Face's Conv1D keeps [in, out]
        return x @ d[f"{name}.weight"] + d[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
        return scaled * d[f"{name}.weight"] + d[f"{name}.bias"]

    def gelu_new(x):
        return 0.5 * x * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))

    x = d["wte.weight"][tokens] + d["wpe.weight"][np.arange(positions)]
    for i in range(layers):
        q, k, v = np.split(conv1d(norm(x, f"h.{i}.ln_1"), f"h.{i}.attn.c_attn"), 3, axis=2)
        q, k, v = (y.reshape(2, positions, heads, width // heads).swapaxes(1, 2) for y in (q, k, v))
        weights = causal_softmax(q @ k.swapaxes(-1, -2) / math.sqrt(width // heads))
        mixed = (weights @ v).swapaxes(1, 2).reshape(2, positions, width)
        x = x + conv1d(mixed, f"h.{i}.attn.c_proj")
        x = x + conv1d(gelu_new(conv1d(norm(x, f"h.{i}.ln_2"), f"h.{i}.mlp.c_fc")), f"h.{i}.mlp.c_proj")
    logits = norm(x, "ln_f") @ d["wte.weight"].T
    for i in range(layers):
        mask = np.tri(positions, dtype=np.uint8)
        w[f"h.{i}.attn.bias"] = ("U8", (1, 1, positions, positions), mask.tobytes())
    config = {
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "vocab_size": vocab,
        "n_positions": positions,
        "n_ctx": positions,
        "n_embd": width,
        "n_layer": layers,
        "n_head": heads,
        "n_inner": None,
        "layer_norm_epsilon": 1e-5,
    }
    write(folder, config, [w], logits, tokens)


def rotate_half(x):
    first, second = np.split(x, 2, axis=-1)
    return np.concatenate((-second, first), axis=-1)


def rotary_decoder(folder, kind, dtype, config, shard_count):
    vocab, width, hidden = config["vocab_size"], config["hidden_size"], config["intermediate_size"]
    layers, heads, kv_heads = (config[f"num_{n}"] for n in ("hidden_layers", "attention_heads", "key_value_heads"))
    size, eps, theta = config.get("head_dim", width // heads), config["rms_norm_eps"], config["rope_theta"]
    shapes = {"model.embed_tokens.weight": (vocab, width)}
    for i in range(layers):
        at = f"model.layers.{i}"
        shapes.update(
            {
                f"{at}.self_attn.q_proj.weight": (heads * size, width),
                f"{at}.self_attn.k_proj.weight": (kv_heads * size, width),
                f"{at}.self_attn.v_proj.weight": (kv_heads * size, width),
                f"{at}.self_attn.o_proj.weight": (width, heads * size),
                f"{at}.mlp.gate_proj.weight": (hidden, width),
                f"{at}.mlp.up_proj.weight": (hidden, width),
                f"{at}.mlp.down_proj.weight": (width, hidden),
                f"{at}.input_layernorm.weight": (width,),
                f"{at}.post_attention_layernorm.weight": (width,),
            }
        )
        if kind == "qwen3":
            shapes.update({f"{at}.self_attn.{n}_norm.weight": (size,) for n in "qk"})
    shapes["model.norm.weight"] = (width,)
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (vocab, width)
    w, d = draw(shapes, lambda name: "norm" in name, dtype)
    time = 12
    tokens = random.integers(vocab, size=(2, time))

    def norm(x, name):
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + eps) * d[f"{name}.weight"]

    def heads_of(x, name, count):
        return (x @ d[f"{name}.weight"].T).reshape(2, time, count, size)

    frequencies = 1.0 / theta ** (np.arange(0, size, 2) / size)
    angles = np.outer(np.arange(time), frequencies)
    angles = np.concatenate((angles, angles), axis=-1)[None, None]
    x = d["model.embed_tokens.weight"][tokens]
    for i in range(layers):
        at = f"model.layers.{i}"
        y = norm(x, f"{at}.input_layernorm")
        q = heads_of(y, f"{at}.self_attn.q_proj", heads)
        k = heads_of(y, f"{at}.self_attn.k_proj", kv_heads)
        v = heads_of(y, f"{at}.self_attn.v_proj", kv_heads).swapaxes(1, 2)
        if kind == "qwen3":
            q, k = norm(q, f"{at}.self_attn.q_norm"), norm(k, f"{at}.self_attn.k_norm")
        q, k = (z.swapaxes(1, 2) for z in (q, k))
        q, k = (z * np.cos(angles) + rotate_half(z) * np.sin(angles) for z in (q, k))
        k, v = (np.repeat(z, heads // kv_heads, axis=1) for z in (k, v))
        mixed = causal_softmax(q @ k.swapaxes(-1, -2) / math.sqrt(size)) @ v
        x = x + mixed.swapaxes(1, 2).reshape(2, time, heads * size) @ d[f"{at}.self_attn.o_proj.weight"].T
        y = norm(x, f"{at}.post_attention_layernorm")
        gate = y @ d[f"{at}.mlp.gate_proj.weight"].T
        gated = gate / (1 + np.exp(-gate)) * (y @ d[f"{at}.mlp.up_proj.weight"].T)
        x = x + gated @ d[f"{at}.mlp.down_proj.weight"].T
    table = d["model.embed_tokens.weight" if config["tie_word_embeddings"] else "lm_head.weight"]
    logits = norm(x, "model.norm") @ table.T
    names = list(w)
    cut = math.ceil(len(names) / shard_count)
    shards = [{n: w[n] for n in names[i : i + cut]} for i in range(0, len(names), cut)]
    write(folder, {"model_type": kind, "hidden_act": "silu", **config}, shards, logits, tokens)


root = sys.argv[1]
gpt2(os.path.join(root, "gpt2"))
common = {"vocab_size": 53, "num_hidden_layers": 2, "max_position_embeddings": 12, "rms_norm_eps": 1e-6}
llama = {
    "hidden_size": 24,
    "intermediate_size": 40,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "rope_theta": 10000.0,
    "rope_scaling": None,
    "tie_word_embeddings": False,
}
rotary_decoder(os.path.join(root, "llama"), "llama", "F16", {**common, **llama}, 1)
qwen3 = {
    "hidden_size": 20,
    "intermediate_size": 36,
    "num_attention_heads": 6,
    "num_key_value_heads": 3,
    "head_dim": 8,
    "rope_theta": 1000000,
    "tie_word_embeddings": True,
    "use_sliding_window": False,
}
rotary_decoder(os.path.join(root, "qwen3"), "qwen3", "BF16", {**common, **qwen3}, 2)

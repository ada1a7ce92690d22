"""Tiny random checkpoints in Hugging Face's layout, and the logits that PyTorch gives for them.

    reference_checkpoints.py <folder>

writes <folder>/{gpt2,llama,qwen3}/ with config.json, the weights and reference.json (token ids and float64
logits). The forward passes are written from the models' definitions, on the names and layouts of the files;
`transformers` is not needed. gpt2 is one float32 file without the "transformer." prefix and with the causal masks
that old checkpoints carry; llama is one float16 file; qwen3 is bfloat16 in two shards with an index.
"""

import json
import math
import os
import struct
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(1234)
NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.uint8: "U8"}


def to_bytes(tensor):
    tensor = tensor.contiguous()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.int16)
    return tensor.numpy().tobytes()


def save_safetensors(path, tensors):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + size],
        }
        offset += size
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(to_bytes(tensor))


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


def causal_softmax(scores):
    time = scores.shape[-1]
    mask = torch.ones(time, time, dtype=torch.bool).tril()
    return scores.masked_fill(~mask, float("-inf")).softmax(-1)


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
    w = {name: 0.3 * torch.randn(shape) + (1 if "ln_" in name and "weight" in name else 0) for name, shape in shapes.items()}
    d = {name: tensor.double() for name, tensor in w.items()}
    tokens = torch.randint(vocab, (2, positions))

    def conv1d(x, name):  # Hugging Face's Conv1D keeps [in, out]
        return x @ d[f"{name}.weight"] + d[f"{name}.bias"]

    def norm(x, name):
        return F.layer_norm(x, (width,), d[f"{name}.weight"], d[f"{name}.bias"], 1e-5)

    def gelu_new(x):
        return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))

    x = d["wte.weight"][tokens] + d["wpe.weight"][torch.arange(positions)]
    for i in range(layers):
        q, k, v = conv1d(norm(x, f"h.{i}.ln_1"), f"h.{i}.attn.c_attn").split(width, dim=2)
        q, k, v = (y.view(2, positions, heads, width // heads).transpose(1, 2) for y in (q, k, v))
        weights = causal_softmax(q @ k.transpose(-1, -2) / math.sqrt(width // heads))
        mixed = (weights @ v).transpose(1, 2).reshape(2, positions, width)
        x = x + conv1d(mixed, f"h.{i}.attn.c_proj")
        x = x + conv1d(gelu_new(conv1d(norm(x, f"h.{i}.ln_2"), f"h.{i}.mlp.c_fc")), f"h.{i}.mlp.c_proj")
    logits = norm(x, "ln_f") @ d["wte.weight"].T
    for i in range(layers):
        w[f"h.{i}.attn.bias"] = torch.ones(positions, positions, dtype=torch.uint8).tril().view(1, 1, positions, positions)
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
    first, second = x.chunk(2, dim=-1)
    return torch.cat((-second, first), dim=-1)


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
    w = {name: (0.3 * torch.randn(shape) + (1 if "norm" in name else 0)).to(dtype) for name, shape in shapes.items()}
    d = {name: tensor.double() for name, tensor in w.items()}
    time = 12
    tokens = torch.randint(vocab, (2, time))

    def norm(x, name):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * d[f"{name}.weight"]

    def heads_of(x, name, count):
        return (x @ d[f"{name}.weight"].T).view(2, time, count, size)

    frequencies = 1.0 / theta ** (torch.arange(0, size, 2).double() / size)
    angles = torch.outer(torch.arange(time).double(), frequencies)
    angles = torch.cat((angles, angles), dim=-1)[None, None]
    x = d["model.embed_tokens.weight"][tokens]
    for i in range(layers):
        at = f"model.layers.{i}"
        y = norm(x, f"{at}.input_layernorm")
        q = heads_of(y, f"{at}.self_attn.q_proj", heads)
        k = heads_of(y, f"{at}.self_attn.k_proj", kv_heads)
        v = heads_of(y, f"{at}.self_attn.v_proj", kv_heads).transpose(1, 2)
        if kind == "qwen3":
            q, k = norm(q, f"{at}.self_attn.q_norm"), norm(k, f"{at}.self_attn.k_norm")
        q, k = (z.transpose(1, 2) for z in (q, k))
        q, k = (z * angles.cos() + rotate_half(z) * angles.sin() for z in (q, k))
        k, v = (z.repeat_interleave(heads // kv_heads, dim=1) for z in (k, v))
        mixed = causal_softmax(q @ k.transpose(-1, -2) / math.sqrt(size)) @ v
        x = x + mixed.transpose(1, 2).reshape(2, time, heads * size) @ d[f"{at}.self_attn.o_proj.weight"].T
        y = norm(x, f"{at}.post_attention_layernorm")
        gated = F.silu(y @ d[f"{at}.mlp.gate_proj.weight"].T) * (y @ d[f"{at}.mlp.up_proj.weight"].T)
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
rotary_decoder(os.path.join(root, "llama"), "llama", torch.float16, {**common, **llama}, 1)
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
rotary_decoder(os.path.join(root, "qwen3"), "qwen3", torch.bfloat16, {**common, **qwen3}, 2)

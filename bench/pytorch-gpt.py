#!/usr/bin/env python3
"""Times value-and-grad and a full AdamW training step of a GPT on PyTorch, CPU, float32.

The same model as packages/models' gpt with its defaults: RMSNorm without gain, rotary positions (halves),
normalised queries and keys, causal attention, squared ReLU, untied head, no biases, vocabulary 256.
Prints one JSON object: {"rows": [{config, work, engine, threads, ms, gflops}], "torch": version}.

usage: pytorch-gpt.py [--configs small,medium,large] [--seconds 6]
needs: apt-get install --no-install-recommends python3-torch libopenblas0-pthread
"""
import argparse
import json
import math
import time

import torch
import torch.nn.functional as F

CONFIGS = {
    "D=128 L=4 T=128 B=16": dict(width=128, depth=4, context=128, batch=16, heads=2),
    "D=256 L=4 T=256 B=8": dict(width=256, depth=4, context=256, batch=8, heads=4),
    "D=512 L=6 T=256 B=8": dict(width=512, depth=6, context=256, batch=8, heads=8),
}
VOCAB = 256


def rms(x):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)


def init(width, depth, **_):
    def normal(rows, cols, scale):
        return (torch.randn(rows, cols) * scale).requires_grad_()

    square = lambda: normal(width, width, width**-0.5)
    blocks = [
        dict(q=square(), k=square(), v=square(), o=square(),
             up=normal(4 * width, width, width**-0.5), down=normal(width, 4 * width, (4 * width) ** -0.5))
        for _ in range(depth)
    ]
    return dict(embedding=normal(VOCAB, width, 1.0), blocks=blocks, head=normal(VOCAB, width, 0.02))


def leaves(params):
    return [params["embedding"], *(w for b in params["blocks"] for w in b.values()), params["head"]]


def loss_of(params, tokens, targets, heads, cos, sin, hidden):
    batch, time_ = tokens.shape
    x = params["embedding"][tokens.reshape(-1)]
    width = x.shape[-1]
    size = width // heads

    def split(y):
        return y.reshape(batch, time_, heads, size).transpose(1, 2)

    def rotary(y):
        a, b = y.chunk(2, -1)
        return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)

    for block in params["blocks"]:
        normed = rms(x)
        q = rotary(rms(split(normed @ block["q"].T)))
        k = rotary(rms(split(normed @ block["k"].T)))
        v = split(normed @ block["v"].T)
        scores = (q * size**-0.5) @ k.transpose(-1, -2)
        weights = torch.softmax(scores.masked_fill(hidden, -1e30), -1)
        x = x + (weights @ v).transpose(1, 2).reshape(batch * time_, width) @ block["o"].T
        x = x + F.relu(rms(x) @ block["up"].T).square() @ block["down"].T
    return F.cross_entropy(rms(x) @ params["head"].T, targets.reshape(-1))


def best_ms(work, seconds):
    work()
    work()
    best, spent = math.inf, 0.0
    while spent < seconds:
        start = time.perf_counter()
        work()
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
    return best * 1000


def flops(width, depth, context, batch, **_):
    """6 per weight of a matrix product and token, 12 * depth * context * width for attention."""
    weights = depth * 12 * width * width + VOCAB * width
    return (6 * weights + 12 * depth * context * width) * batch * context


def measure(name, config, seconds):
    torch.manual_seed(0)
    params = init(**config)
    context, batch, heads = config["context"], config["batch"], config["heads"]
    tokens = torch.randint(VOCAB, (batch, context))
    targets = torch.randint(VOCAB, (batch, context))
    half = config["width"] // heads // 2
    angle = torch.arange(context)[:, None] * 10000.0 ** (-torch.arange(half) / half)
    hidden = torch.ones(context, context, dtype=torch.bool).triu(1)
    weights = leaves(params)
    loss = lambda: loss_of(params, tokens, targets, heads, angle.cos(), angle.sin(), hidden)
    optimizer = torch.optim.AdamW(weights, lr=1e-3, weight_decay=0.1)

    def value_and_grad():
        return torch.autograd.grad(loss(), weights)

    def train_step():
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        optimizer.step()

    for work, run in (("value-and-grad", value_and_grad), ("train-step", train_step)):
        times = {}
        for threads in (1, 2):
            torch.set_num_threads(threads)
            times[threads] = best_ms(run, seconds / 2)
        threads = min(times, key=times.get)
        ms = times[threads]
        yield dict(config=name, work=work, engine="pytorch", threads=threads, ms=round(ms, 2),
                   gflops=round(flops(**config) / ms / 1e6, 1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--configs", default="", help="names separated by ';', default all")
    parser.add_argument("--seconds", type=float, default=6, help="per measured row")
    args = parser.parse_args()
    names = [n for n in args.configs.split(";") if n] or list(CONFIGS)
    rows = [row for name in names for row in measure(name, CONFIGS[name], args.seconds)]
    print(json.dumps({"rows": rows, "torch": torch.__version__}))


main()

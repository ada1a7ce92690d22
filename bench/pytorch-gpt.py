#!/usr/bin/env python3
"""Times value-and-grad and a full AdamW training step of a GPT on PyTorch, CPU, float32.

The same model as packages/models' gpt with its defaults: RMSNorm without gain, rotary positions (halves),
normalised queries and keys, causal attention, squared ReLU, untied head, no biases, vocabulary 256.
Prints one JSON object: {"rows": [{config, work, engine, threads, ms, gflops}], "torch": version}.

With --serve it is the PyTorch side of `steepest bench engine`: one JSON object a line on stdin and stdout.
  first, unasked           {"engine": "pytorch", "version", "threads": [1, cores], "matmulGflops"}
  {"do": "prepare", "config": {width, depth, heads, context, batch}, "work", "params", "batch"}
                           {"losses": [of the first run, of the second], "gradNorm"?, "setupMs"}
  {"do": "run", "threads", "ms"}    {"ms": [one for each run, until their sum is at least ms]}
params and batch are files: the weights in the order of `leaves`, float32; tokens, then targets, int32.

usage: pytorch-gpt.py [--configs "D=256 L=4 T=256 B=8"] [--seconds 6] | --serve
needs: apt-get install --no-install-recommends python3-torch libopenblas0-pthread
"""
import argparse
import json
import math
import os
import sys
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
    """As in packages/models: the two matrices that write to the residual stream are smaller by sqrt(2 depth)."""

    def normal(rows, cols, scale):
        return (torch.randn(rows, cols) * scale).requires_grad_()

    square = lambda: normal(width, width, width**-0.5)
    residual = (2 * depth) ** -0.5 if depth else 1.0
    blocks = [
        dict(q=square(), k=square(), v=square(), o=normal(width, width, residual * width**-0.5),
             up=normal(4 * width, width, width**-0.5),
             down=normal(width, 4 * width, residual * (4 * width) ** -0.5))
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


def works(config, params, tokens, targets):
    """What is timed, by name. Both return the loss; the first leaves the gradients in `gradients`."""
    context, heads = config["context"], config["heads"]
    half = config["width"] // heads // 2
    angle = torch.arange(context, dtype=torch.float64)[:, None] * 10000.0 ** (-torch.arange(half).double() / half)
    cos, sin = angle.cos().float(), angle.sin().float()
    hidden = torch.ones(context, context, dtype=torch.bool).triu(1)
    weights = leaves(params)
    optimizer = torch.optim.AdamW(weights, lr=1e-3, weight_decay=0.1)
    gradients = []

    def value_and_grad():
        loss = loss_of(params, tokens, targets, heads, cos, sin, hidden)
        gradients[:] = torch.autograd.grad(loss, weights)
        return loss

    def train_step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(params, tokens, targets, heads, cos, sin, hidden)
        loss.backward()
        optimizer.step()
        return loss

    return {"value-and-grad": value_and_grad, "train-step": train_step}, gradients


def measure(name, config, seconds):
    torch.manual_seed(0)
    shape = (config["batch"], config["context"])
    runs, _ = works(config, init(**config), torch.randint(VOCAB, shape), torch.randint(VOCAB, shape))
    for work, run in runs.items():
        times = {}
        for threads in (1, 2):
            torch.set_num_threads(threads)
            times[threads] = best_ms(run, seconds / 2)
        threads = min(times, key=times.get)
        ms = times[threads]
        yield dict(config=name, work=work, engine="pytorch", threads=threads, ms=round(ms, 2),
                   gflops=round(flops(**config) / ms / 1e6, 1))


def prepare(config, work, params, batch):
    start = time.perf_counter()
    mine = init(**config)
    weights = leaves(mine)
    values = torch.from_file(params, size=sum(w.numel() for w in weights)).split([w.numel() for w in weights])
    with torch.no_grad():
        for weight, value in zip(weights, values):
            weight.copy_(value.view_as(weight))
    shape = (2, config["batch"], config["context"])
    tokens, targets = torch.from_file(batch, size=math.prod(shape), dtype=torch.int32).view(shape).long()
    runs, gradients = works(config, mine, tokens, targets)
    run = runs[work]
    losses = [run().item()]
    reply = dict(setupMs=(time.perf_counter() - start) * 1000)
    losses.append(run().item())
    if gradients:
        reply["gradNorm"] = math.sqrt(sum(g.double().square().sum().item() for g in gradients))
    return run, dict(reply, losses=losses)


def timed(run, threads, ms):
    torch.set_num_threads(threads)
    times = []
    while not times or sum(times) < ms:
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return times


def serve():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(cores)
    a = torch.rand(1024, 1024)
    (a @ a).sum()
    start = time.perf_counter()
    (a @ a).sum()
    rate = 2 * 1024**3 / (time.perf_counter() - start) / 1e9
    say(dict(engine="pytorch", version=torch.__version__, threads=sorted({1, cores}), matmulGflops=round(rate, 1)))
    run = None
    for line in sys.stdin:
        try:
            order = json.loads(line)
            if order.pop("do") == "prepare":
                run = None
                run, reply = prepare(**order)
                say(reply)
            else:
                say(dict(ms=timed(run, **order)))
        except Exception as error:
            say(dict(error=f"{type(error).__name__}: {error}"))


def say(reply):
    print(json.dumps(reply), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--configs", default="", help="names separated by ';', default all")
    parser.add_argument("--seconds", type=float, default=6, help="per measured row")
    parser.add_argument("--serve", action="store_true", help="answer orders on stdin, see above")
    args = parser.parse_args()
    if args.serve:
        return serve()
    names = [n for n in args.configs.split(";") if n] or list(CONFIGS)
    rows = [row for name in names for row in measure(name, CONFIGS[name], args.seconds)]
    print(json.dumps({"rows": rows, "torch": torch.__version__}))


main()

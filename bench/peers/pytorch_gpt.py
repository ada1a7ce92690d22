#!/usr/bin/env python3
"""The PyTorch side of `steepest bench engine`: loss and gradients, and a step of AdamW, of a GPT on the CPU.

The same model as packages/models' gpt with its defaults: RMSNorm without gain, rotary positions (halves), normalised
queries and keys, causal attention, squared ReLU, untied head, no biases, vocabulary 256. Written as PyTorch's own
documentation would: `scaled_dot_product_attention`, `rms_norm` and the fused AdamW, each where this version has it.

usage: pytorch_gpt.py [--compile] [--bf16]
One JSON object a line on stdin and stdout:
  first, unasked           {"engine", "version", "threads": [1, cores], "matmulGflops", "kernels"}
  {"do": "prepare", "config": {width, depth, heads, context, batch}, "work", "params", "batch"}
                           {"losses": [of the first run, of the second], "gradNorm"?, "setupMs"}
  {"do": "run", "threads", "ms"}    {"ms": [one for each run, until their sum is at least ms]}
params and batch are files: the weights in the order of `leaves`, float32; tokens, then targets, int32.
"""
import argparse
import contextlib
import math
import time

import torch
import torch.nn.functional as F

from kernels import kernels_of_torch, processor_flags, use_best_kernels
from serve import cores, serve, timed

VOCAB = 256


def rms(x):
    if hasattr(F, "rms_norm"):
        return F.rms_norm(x, (x.shape[-1],), eps=1e-6)
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)


def attention(q, k, v, hidden):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    return torch.softmax(scores.masked_fill(hidden, -1e30), -1) @ v


def shapes(width, depth, **_):
    block = dict(q=(width, width), k=(width, width), v=(width, width), o=(width, width),
                 up=(4 * width, width), down=(width, 4 * width))
    return dict(embedding=(VOCAB, width), blocks=[block] * depth, head=(VOCAB, width))


def leaves(params):
    return [params["embedding"], *(w for b in params["blocks"] for w in b.values()), params["head"]]


def read_params(config, file):
    """The weights, in the order of `leaves`."""
    tree = shapes(**config)
    sizes = [math.prod(shape) for shape in leaves(tree)]
    parts = iter(torch.from_file(file, size=sum(sizes)).split(sizes))
    read = lambda shape: next(parts).clone().view(shape).requires_grad_()
    return dict(embedding=read(tree["embedding"]),
                blocks=[{name: read(shape) for name, shape in block.items()} for block in tree["blocks"]],
                head=read(tree["head"]))


def loss_of(params, tokens, targets, heads, cos, sin, hidden):
    batch, time_ = tokens.shape
    x = F.embedding(tokens.reshape(-1), params["embedding"])
    width = x.shape[-1]

    def split(y):
        return y.reshape(batch, time_, heads, width // heads).transpose(1, 2)

    def rotary(y):
        a, b = y.chunk(2, -1)
        return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)

    for block in params["blocks"]:
        normed = rms(x)
        q = rotary(rms(split(F.linear(normed, block["q"]))))
        k = rotary(rms(split(F.linear(normed, block["k"]))))
        mixed = attention(q, k, split(F.linear(normed, block["v"])), hidden)
        x = x + F.linear(mixed.transpose(1, 2).reshape(batch * time_, width), block["o"])
        x = x + F.linear(F.relu(F.linear(rms(x), block["up"])).square(), block["down"])
    return F.cross_entropy(F.linear(rms(x), params["head"]), targets.reshape(-1))


def adamw(weights):
    """The fastest AdamW this version has on a CPU."""
    options = dict(lr=1e-3, weight_decay=0.1)
    for faster in (dict(fused=True), dict(foreach=True), {}):
        try:
            return torch.optim.AdamW(weights, **options, **faster)
        except (RuntimeError, TypeError):
            continue


def works(config, params, tokens, targets, compiled, precision):
    """What is timed, by name. Both return the loss; the first leaves the gradients in `gradients`."""
    context, heads = config["context"], config["heads"]
    half = config["width"] // heads // 2
    angle = torch.arange(context, dtype=torch.float64)[:, None] * 10000.0 ** (-torch.arange(half).double() / half)
    cos, sin = angle.cos().float(), angle.sin().float()
    hidden = torch.ones(context, context, dtype=torch.bool).triu(1)
    weights = leaves(params)
    optimizer = adamw(weights)
    gradients = []
    function = torch.compile(loss_of, dynamic=False) if compiled else loss_of

    def loss_now():
        with precision():
            return function(params, tokens, targets, heads, cos, sin, hidden)

    def value_and_grad():
        loss = loss_now()
        gradients[:] = torch.autograd.grad(loss, weights)
        return loss

    def train_step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_now()
        loss.backward()
        optimizer.step()
        return loss

    return {"value-and-grad": value_and_grad, "train-step": train_step}, gradients


class Peer:
    def __init__(self, compiled, precision):
        self.compiled, self.precision, self.work = compiled, precision, None

    def prepare(self, config, work, params, batch):
        start = time.perf_counter()
        self.work = None
        shape = (2, config["batch"], config["context"])
        tokens, targets = torch.from_file(batch, size=math.prod(shape), dtype=torch.int32).view(shape).long()
        runs, gradients = works(config, read_params(config, params), tokens, targets, self.compiled, self.precision)
        run = self.work = runs[work]
        losses = [run().item()]
        reply = dict(setupMs=(time.perf_counter() - start) * 1000)
        losses.append(run().item())
        if gradients:
            reply["gradNorm"] = math.sqrt(sum(g.double().square().sum().item() for g in gradients))
        return dict(reply, losses=losses)

    def run(self, threads, ms):
        torch.set_num_threads(threads)
        return dict(ms=timed(self.work, ms))


def product_rate():
    torch.set_num_threads(cores())
    a = torch.rand(1024, 1024)
    best = min(timed(lambda: a @ a, 200))
    return 2 * 1024**3 / best / 1e6


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compile", action="store_true", help="the model through torch.compile")
    parser.add_argument("--bf16", action="store_true", help="matrix products in bfloat16, by autocast")
    args = parser.parse_args()
    use_best_kernels()
    if args.compile and not hasattr(torch, "compile"):
        raise SystemExit(f"PyTorch {torch.__version__} has no torch.compile")
    if args.bf16 and not processor_flags() & {"amx_bf16", "avx512_bf16"}:
        raise SystemExit("this processor has no arithmetic in bfloat16")
    precision = (lambda: torch.autocast("cpu", torch.bfloat16)) if args.bf16 else contextlib.nullcontext
    engine = "pytorch-bf16" if args.bf16 else "pytorch-compile" if args.compile else "pytorch"
    peer = Peer(args.compile, precision)
    hello = dict(engine=engine, version=torch.__version__, threads=sorted({1, cores()}),
                 matmulGflops=round(product_rate(), 1), kernels=kernels_of_torch(torch))
    serve(hello, prepare=peer.prepare, run=peer.run)


main()

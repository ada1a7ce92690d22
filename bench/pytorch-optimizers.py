#!/usr/bin/env python3
"""The PyTorch side of `steepest bench optimizer`: SGD, AdamW, Muon, Scion and Mano in a few lines each, CPU, float32.

Formulas and defaults are those of packages/steepest's optimizers of the same names; roles decide as there. One JSON
object a line on stdin and stdout:
  first, unasked             {"engine": "pytorch", "version", "threads"}
  {"do": "machine"}          {"gigabytesPerSecond", "gflops"}
  {"do": "prepare", "optimizer", "leaves": [{path, shape, role}], "params", "gradients"}
                             {"setupMs", "updateNorm", "weights"}
  {"do": "run", "ms"}        {"ms": [times of even steps, of odd ones]}
params and gradients are files, float32, one leaf after the other.

needs: apt-get install --no-install-recommends python3-torch libopenblas0-pthread
"""
import json
import math
import os
import sys
import time

import torch


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
THREADS = sorted({1, CORES})


def newton_schulz(g):
    x = g.T if g.shape[0] > g.shape[1] else g
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.775 * a + 2.0315 * (a @ a)) @ x
    return x.T if g.shape[0] > g.shape[1] else x


def adamw(lr, weight_decay, b1, b2, eps, eps_first=False):
    def start(w):
        m, v, t = torch.zeros_like(w), torch.zeros_like(w), [0]

        def step(g):
            t[0] += 1
            m.mul_(b1).add_(g, alpha=1 - b1)
            v.mul_(b2).addcmul_(g, g, value=1 - b2)
            c1, c2 = 1 - b1 ** t[0], math.sqrt(1 - b2 ** t[0])
            w.mul_(1 - lr * weight_decay)
            denominator = v.sqrt().add_(eps).div_(c2) if eps_first else v.sqrt().div_(c2).add_(eps)
            w.addcdiv_(m, denominator, value=-lr / c1)

        return step

    return start


def sgd(w):
    return lambda g: w.add_(g, alpha=-1e-3)


def muon(w):
    m = torch.zeros_like(w)

    def step(g):
        m.mul_(0.95).add_(g, alpha=0.05)
        o = newton_schulz(m * 0.95 + g * 0.05)
        w.add_(o, alpha=-0.02 * math.sqrt(max(1, w.shape[0] / w.shape[1])))

    return step


def scion(role):
    radius = {"hidden": 3, "embedding": 1, "head": 10}.get(role, 1)

    def direction(d):
        if role == "hidden":
            return newton_schulz(d) * math.sqrt(d.shape[0] / d.shape[1])
        if role == "embedding":  # [vocab, width]: columns of the transposed table
            return d / (d.square().mean(1, keepdim=True).sqrt() + 1e-8)
        if role == "head":
            return d.sign() / d.shape[1]
        return d / (d.square().mean().sqrt() + 1e-8)

    def start(w):
        d = torch.zeros_like(w)

        def step(g):
            d.mul_(0.9).add_(g, alpha=0.1)
            w.mul_(1 - 1e-3).add_(direction(d), alpha=-1e-3 * radius)

        return step

    return start


def mano(w):
    m, t = torch.zeros_like(w), [0]

    def step(g):
        k = t[0] % 2
        t[0] += 1
        m.mul_(0.95).add_(g)
        unit = w / w.norm(dim=k, keepdim=True).clamp_min(1e-8)
        v = m - unit * (m * unit).sum(k, keepdim=True)
        v = v / v.norm(dim=k, keepdim=True).clamp_min(1e-8)
        w.mul_(1 - 1e-3 * 0.1).add_(v, alpha=-1e-3 * 0.2 * math.sqrt(w.shape[k]))

    return step


def method(optimizer, role):
    if optimizer == "sgd":
        return sgd
    if optimizer == "adamw":
        return adamw(1e-3, 0.01, 0.9, 0.999, 1e-8)
    if optimizer == "muon":
        return muon if role == "hidden" else adamw(3e-4, 0, 0.9, 0.95, 1e-10)
    if optimizer == "scion":
        return scion(role)
    if optimizer == "mano":
        return mano if role == "hidden" else adamw(1e-3, 0.1, 0.9, 0.95, 1e-8, eps_first=True)
    raise ValueError(f"no PyTorch version of {optimizer}")


def read(leaves, file):
    sizes = [math.prod(leaf["shape"]) for leaf in leaves]
    parts = torch.from_file(file, size=sum(sizes)).split(sizes)
    return [part.clone().view(leaf["shape"]) for part, leaf in zip(parts, leaves)]


def prepare(optimizer, leaves, params, gradients):
    begin = time.perf_counter()
    weights, grads = read(leaves, params), read(leaves, gradients)
    before = [w.clone() for w in weights]
    steps = [method(optimizer, leaf["role"])(w) for leaf, w in zip(leaves, weights)]

    def update():
        for step, g in zip(steps, grads):
            step(g)

    update()
    norm = math.sqrt(sum((w - b).double().square().sum().item() for w, b in zip(weights, before)))
    setup = (time.perf_counter() - begin) * 1000
    return update, dict(setupMs=setup, updateNorm=norm, weights=[0.5, 0.5])


def timed(update, ms):
    """With one thread and with all in turns, the shortest counts: a BLAS with threads of its own can be slower with more."""
    times = [[], []]
    for threads in THREADS:
        torch.set_num_threads(threads)
        spent = 0
        while spent == 0 or spent < ms / len(THREADS):
            for own in reversed(times):  # the first update, step 0, is made: odd ones come first
                begin = time.perf_counter()
                update()
                own.append((time.perf_counter() - begin) * 1000)
                spent += own[-1]
    return times


def best(work):
    times = []
    for threads in THREADS:
        torch.set_num_threads(threads)
        for _ in range(8):
            begin = time.perf_counter()
            work()
            times.append(time.perf_counter() - begin)
    return min(times)


def machine():
    x, y = torch.ones(2**25), torch.empty(2**25)
    a, b = torch.eye(2048), torch.empty(2048, 2048)
    memory = best(lambda: torch.mul(x, 1.5, out=y))
    product = best(lambda: torch.mm(a, a, out=b))
    return dict(gigabytesPerSecond=8 * 2**25 / memory / 1e9, gflops=2 * 2048**3 / product / 1e9)


def main():
    torch.set_grad_enabled(False)
    say(dict(engine="pytorch", version=torch.__version__, threads=THREADS))
    update = None
    for line in sys.stdin:
        try:
            order = json.loads(line)
            task = order.pop("do")
            if task == "machine":
                say(machine())
            elif task == "prepare":
                update = None
                update, reply = prepare(**order)
                say(reply)
            else:
                say(dict(ms=timed(update, **order)))
        except Exception as error:
            say(dict(error=f"{type(error).__name__}: {error}"))


def say(reply):
    print(json.dumps(reply), flush=True)


main()

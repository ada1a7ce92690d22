#!/usr/bin/env python3
"""The JAX side of `steepest bench engine`: the model of pytorch_gpt.py, compiled by XLA, with optax's AdamW.

XLA takes all cores of the process and cannot be told otherwise afterwards. The protocol is that of pytorch_gpt.py.
"""
import math
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax

from serve import cores, serve, timed

VOCAB = 256


def rms(x):
    return x * jax.lax.rsqrt(jnp.mean(jnp.square(x), -1, keepdims=True) + 1e-6)


def read_params(config, file):
    width = config["width"]
    block = dict(q=(width, width), k=(width, width), v=(width, width), o=(width, width),
                 up=(4 * width, width), down=(width, 4 * width))
    values = np.fromfile(file, dtype=np.float32)
    at = 0

    def read(shape):
        nonlocal at
        at += math.prod(shape)
        return jnp.array(values[at - math.prod(shape):at].reshape(shape))

    embedding = read((VOCAB, width))
    blocks = [{name: read(shape) for name, shape in block.items()} for _ in range(config["depth"])]
    return dict(embedding=embedding, blocks=blocks, head=read((VOCAB, width)))


def loss_with(config):
    heads, context, batch = config["heads"], config["context"], config["batch"]
    width = config["width"]
    half = width // heads // 2
    angle = np.arange(context)[:, None] * 10000.0 ** (-np.arange(half) / half)
    cos, sin = (jnp.array(f(angle), jnp.float32)[None, :, None, :] for f in (np.cos, np.sin))

    def rotary(y):  # [batch, time, heads, size]
        a, b = jnp.split(y, 2, -1)
        return jnp.concatenate([a * cos - b * sin, b * cos + a * sin], -1)

    def loss(params, tokens, targets):
        x = params["embedding"][tokens.reshape(-1)]
        split = lambda y: y.reshape(batch, context, heads, width // heads)
        for block in params["blocks"]:
            normed = rms(x)
            q = rotary(rms(split(normed @ block["q"].T)))
            k = rotary(rms(split(normed @ block["k"].T)))
            mixed = jax.nn.dot_product_attention(q, k, split(normed @ block["v"].T), is_causal=True)
            x = x + mixed.reshape(batch * context, width) @ block["o"].T
            x = x + jnp.square(jax.nn.relu(rms(x) @ block["up"].T)) @ block["down"].T
        logits = rms(x) @ params["head"].T
        return optax.softmax_cross_entropy_with_integer_labels(logits, targets.reshape(-1)).mean()

    return loss


class Peer:
    def prepare(self, config, work, params, batch):
        start = time.perf_counter()
        shape = (2, config["batch"], config["context"])
        tokens, targets = jnp.array(np.fromfile(batch, dtype=np.int32).reshape(shape))
        value_and_grad = jax.value_and_grad(loss_with(config))
        weights = read_params(config, params)
        optimizer = optax.adamw(1e-3, weight_decay=0.1)
        state = (weights, optimizer.init(weights))

        @jax.jit
        def gradients_of(weights, tokens, targets):
            return value_and_grad(weights, tokens, targets)

        @jax.jit
        def step(state, tokens, targets):
            weights, moments = state
            loss, gradients = value_and_grad(weights, tokens, targets)
            updates, moments = optimizer.update(gradients, moments, weights)
            return (optax.apply_updates(weights, updates), moments), loss

        kept = dict(state=state)

        def run():
            if work == "value-and-grad":
                loss, kept["gradients"] = jax.block_until_ready(gradients_of(weights, tokens, targets))
            else:
                kept["state"], loss = jax.block_until_ready(step(kept["state"], tokens, targets))
            return loss

        self.work = run
        losses = [float(run())]
        reply = dict(setupMs=(time.perf_counter() - start) * 1000)
        losses.append(float(run()))
        if "gradients" in kept:
            squares = [np.square(np.asarray(g, np.float64)).sum() for g in jax.tree.leaves(kept["gradients"])]
            reply["gradNorm"] = math.sqrt(sum(squares))
        return dict(reply, losses=losses)

    def run(self, threads, ms):
        return dict(ms=timed(self.work, ms))


def product_rate():
    a = jnp.ones((1024, 1024))
    product = jax.jit(lambda a: a @ a)
    product(a).block_until_ready()
    return 2 * 1024**3 / min(timed(lambda: product(a).block_until_ready(), 200)) / 1e6


def main():
    peer = Peer()
    hello = dict(engine="jax-xla", version=f"{jax.__version__}, optax {optax.__version__}", threads=[cores()],
                 matmulGflops=round(product_rate(), 1), kernels="XLA")
    serve(hello, prepare=peer.prepare, run=peer.run)


main()

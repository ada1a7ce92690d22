#!/usr/bin/env python3
"""Times value-and-grad of a small CNN on PyTorch, CPU, float32: images 28x28, batch 64.

The model of packages/onnx/test/models/cnn.ts: 3x3 convolutions of 32, 64 and 64 channels without biases, max
pooling 2x2 after the first two, batch normalisation after the second, one dense layer to 10 classes.
Prints one JSON object: {"ms": best, "threads": n, "torch": version}.

usage: pytorch_cnn.py [--seconds 6]
"""
import argparse
import json
import math
import time

import torch
import torch.nn.functional as F

from kernels import use_best_kernels
from serve import cores


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=6)
    seconds = parser.parse_args().seconds
    use_best_kernels()
    torch.manual_seed(0)

    def normal(*shape):
        return (torch.randn(*shape) / math.sqrt(math.prod(shape[1:]))).requires_grad_()

    conv1, conv2, conv3 = normal(32, 1, 3, 3), normal(64, 32, 3, 3), normal(64, 64, 3, 3)
    gain, bias = torch.ones(64, requires_grad=True), torch.zeros(64, requires_grad=True)
    dense = normal(10, 64 * 49)
    weights = [conv1, conv2, conv3, gain, bias, dense]
    images, labels = torch.randn(64, 1, 28, 28), torch.arange(64) * 7 % 10

    def work():
        x = F.max_pool2d(F.relu(F.conv2d(images, conv1, padding=1)), 2)
        x = F.batch_norm(F.conv2d(x, conv2, padding=1), None, None, gain, bias, training=True)
        x = F.relu(F.conv2d(F.max_pool2d(F.relu(x), 2), conv3, padding=1))
        return torch.autograd.grad(F.cross_entropy(x.reshape(64, -1) @ dense.T, labels), weights)

    forms = [work] + ([torch.compile(work)] if hasattr(torch, "compile") else [])
    best = {}
    for threads in sorted({1, cores()}):
        torch.set_num_threads(threads)
        for form in forms:
            form()
            form()
            spent = 0.0
            while spent < seconds / 2 / len(forms):
                start = time.perf_counter()
                form()
                took = time.perf_counter() - start
                best[threads], spent = min(best.get(threads, math.inf), took), spent + took
    threads = min(best, key=best.get)
    print(json.dumps({"ms": round(best[threads] * 1000, 2), "threads": threads, "torch": torch.__version__}))


main()

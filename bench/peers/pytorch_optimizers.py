#!/usr/bin/env python3
"""The PyTorch side of `steepest bench optimizer`, CPU, float32: each optimizer in every form a user could pick.

Formulas and defaults are those of packages/steepest's optimizers of the same names; roles decide as there. A form is
`eager` (tensor operations in place), `fused` or `foreach` (torch.optim's own), or `compile` (the eager form through
torch.compile). All forms of an optimizer start from the same weights and are timed in turns; the fastest one counts.
One JSON object a line on stdin and stdout:
  first, unasked             {"engine": "pytorch", "version", "threads", "kernels"}
  {"do": "machine"}          {"gigabytesPerSecond", "gflops"}
  {"do": "prepare", "optimizer", "leaves": [{path, shape, role}], "params", "gradients"}
                             {"setupMs", "updateNorm", "weights"}
  {"do": "run", "ms"}        {"ms": [times of even steps, of odd ones], "form"}
params and gradients are files, float32, one leaf after the other.
"""
import math
import sys
import time

import torch

from kernels import kernels_of_torch, use_best_kernels
from serve import cores, serve, timed

THREADS = sorted({1, cores()})


def newton_schulz(g):
    x = g.T if g.shape[0] > g.shape[1] else g
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.775 * a + 2.0315 * (a @ a)) @ x
    return x.T if g.shape[0] > g.shape[1] else x


# A rule is (buffers it keeps, update(w, g, *buffers, step)): `step` is a tensor, so that nothing is compiled anew.


def adamw(lr, weight_decay, b1, b2, eps, eps_first=False):
    def update(w, g, m, v, step):
        m.mul_(b1).add_(g, alpha=1 - b1)
        v.mul_(b2).addcmul_(g, g, value=1 - b2)
        c1, c2 = 1 - b1**step, (1 - b2**step).sqrt()
        w.mul_(1 - lr * weight_decay)
        denominator = v.sqrt().add_(eps).div_(c2) if eps_first else v.sqrt().div_(c2).add_(eps)
        w.sub_(m / denominator * (lr / c1))

    return 2, update


def sgd(w, g, step):
    w.add_(g, alpha=-1e-3)


def lion(w, g, m, step):
    w.add_((m * 0.9).add_(g, alpha=0.1).sign_(), alpha=-1e-4)
    m.mul_(0.99).add_(g, alpha=0.01)


def signum(w, g, m, step):
    m.mul_(0.9).add_(g, alpha=0.1)
    w.add_(m.sign(), alpha=-1e-3)


def muon(w, g, m, step):
    m.mul_(0.95).add_(g, alpha=0.05)
    o = newton_schulz(m * 0.95 + g * 0.05)
    w.add_(o, alpha=-0.02 * math.sqrt(max(1, w.shape[0] / w.shape[1])))


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

    def update(w, g, d, step):
        d.mul_(0.9).add_(g, alpha=0.1)
        w.mul_(1 - 1e-3).add_(direction(d), alpha=-1e-3 * radius)

    return 1, update


def mano(axis):
    def update(w, g, m, step):
        m.mul_(0.95).add_(g)
        unit = w / w.norm(dim=axis, keepdim=True).clamp_min(1e-8)
        v = m - unit * (m * unit).sum(axis, keepdim=True)
        v = v / v.norm(dim=axis, keepdim=True).clamp_min(1e-8)
        w.mul_(1 - 1e-3 * 0.1).add_(v, alpha=-1e-3 * 0.2 * math.sqrt(w.shape[axis]))

    return update


def mano_v2(axis):
    def update(w, g, m, step):
        m.mul_(0.95).add_(g)
        ahead = g + m * 0.95
        v = ahead - w * (ahead * w).sum(axis, keepdim=True)
        v = v / (v.norm(dim=axis, keepdim=True) + 1e-8)
        w.mul_(1 - 1e-3 * 0.1).add_(v, alpha=-1e-3 * 0.2 * math.sqrt(w.shape[axis]))

    return update


ALONE = dict(sgd=(0, sgd), adamw=adamw(1e-3, 0.01, 0.9, 0.999, 1e-8), lion=(1, lion), signum=(1, signum))


def rule(optimizer, role):
    """(number of buffers, updates of even steps and of odd ones)."""
    if optimizer in ALONE:
        buffers, update = ALONE[optimizer]
    elif optimizer == "muon":
        buffers, update = (1, muon) if role == "hidden" else adamw(3e-4, 0, 0.9, 0.95, 1e-10)
    elif optimizer == "scion":
        buffers, update = scion(role)
    elif optimizer in ("mano", "mano_v2"):
        if role == "hidden":
            make = mano if optimizer == "mano" else mano_v2
            return 1, [make(0), make(1)]
        buffers, update = adamw(1e-3, 0.1, 0.9, 0.95, 1e-8, eps_first=True)
    else:
        raise ValueError(f"no PyTorch version of {optimizer}")
    return buffers, [update, update]


class Form:
    """One way to make the update: its own weights and state, and steps that alternate between even and odd ones."""

    def __init__(self, name, weights, step):
        self.name, self.weights, self.step, self.count = name, weights, step, 0

    def __call__(self):
        self.step(self.count % 2)
        self.count += 1


def by_rules(name, optimizer, leaves, weights, gradients, through):
    rules = [rule(optimizer, leaf["role"]) for leaf in leaves]
    buffers = [[torch.zeros_like(w) for _ in range(count)] for w, (count, _) in zip(weights, rules)]
    step = torch.zeros(())

    def whole(parity):
        def update(weights, gradients, buffers, step):
            for w, g, kept, (_, updates) in zip(weights, gradients, buffers, rules):
                updates[parity](w, g, *kept, step)

        return through(update)

    wholes = [whole(0), whole(1)]

    def run(parity):
        step.add_(1)
        wholes[parity](weights, gradients, buffers, step)

    return Form(name, weights, run)


def by_torch(name, make, weights, gradients):
    parameters = [w.requires_grad_() for w in weights]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient
    optimizer = make(parameters)
    return Form(name, weights, lambda parity: optimizer.step())


TORCH = {
    "adamw": lambda **more: lambda weights: torch.optim.AdamW(weights, lr=1e-3, weight_decay=0.01, **more),
    "sgd": lambda **more: lambda weights: torch.optim.SGD(weights, lr=1e-3, **more),
}


def forms_of(optimizer, leaves, read, gradients):
    """Every form that this version has; one that fails to start is left out, with a line on stderr."""
    makers = {"eager": lambda: by_rules("eager", optimizer, leaves, read(), gradients, lambda f: f)}
    for name in ("fused", "foreach"):
        if optimizer in TORCH:
            make = TORCH[optimizer](**{name: True})
            makers[name] = lambda name=name, make=make: by_torch(name, make, read(), gradients)
    if hasattr(torch, "compile"):
        through = lambda f: torch.compile(f, dynamic=False)
        makers["compile"] = lambda: by_rules("compile", optimizer, leaves, read(), gradients, through)
    forms = []
    for name, make in makers.items():
        try:
            form = make()
            form()  # compiles, and shows whether it works
            forms.append(form)
        except Exception as error:
            print(f"{optimizer}, {name}: left out, {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
    return forms


def read_leaves(leaves, file):
    sizes = [math.prod(leaf["shape"]) for leaf in leaves]
    parts = torch.from_file(file, size=sum(sizes)).split(sizes)
    return [part.clone().view(leaf["shape"]) for part, leaf in zip(parts, leaves)]


class Peer:
    def prepare(self, optimizer, leaves, params, gradients):
        begin = time.perf_counter()
        self.forms = []
        read = lambda: read_leaves(leaves, params)
        self.forms = forms_of(optimizer, leaves, read, read_leaves(leaves, gradients))
        before = read()
        norms = {}
        for form in self.forms:
            squares = [(w.detach() - b).double().square().sum().item() for w, b in zip(form.weights, before)]
            norms[form.name] = math.sqrt(sum(squares))
        expected = norms[self.forms[0].name]
        for name, norm in norms.items():
            if not abs(norm - expected) <= 1e-3 * expected:
                raise ValueError(f"the first update has norm {norm} by {name} and {expected} by {self.forms[0].name}")
        setup = (time.perf_counter() - begin) * 1000
        return dict(setupMs=setup, updateNorm=expected, weights=[0.5, 0.5])

    def run(self, ms):
        """With one thread and with all in turns: a BLAS with threads of its own can be slower with more."""
        found = {form.name: [[], []] for form in self.forms}
        for form in self.forms:
            for threads in THREADS:
                torch.set_num_threads(threads)
                for parity in (0, 1):
                    spent = 0
                    while spent == 0 or spent < ms / len(THREADS) / 2:
                        if form.count % 2 != parity:
                            form()
                        begin = time.perf_counter()
                        form()
                        found[form.name][parity].append((time.perf_counter() - begin) * 1000)
                        spent += found[form.name][parity][-1]
        best = min(found, key=lambda name: sum(min(times) for times in found[name]))
        return dict(ms=found[best], form=best)


def best(work):
    times = []
    for threads in THREADS:
        torch.set_num_threads(threads)
        work()
        times += timed(work, 200)
    return min(times) / 1000


def machine():
    x, y = torch.ones(2**25), torch.empty(2**25)
    a, b = torch.eye(2048), torch.empty(2048, 2048)
    memory = best(lambda: torch.mul(x, 1.5, out=y))
    product = best(lambda: torch.mm(a, a, out=b))
    return dict(gigabytesPerSecond=8 * 2**25 / memory / 1e9, gflops=2 * 2048**3 / product / 1e9)


def main():
    use_best_kernels()
    torch.set_grad_enabled(False)
    peer = Peer()
    hello = dict(engine="pytorch", version=torch.__version__, threads=THREADS, kernels=kernels_of_torch(torch))
    serve(hello, machine=machine, prepare=peer.prepare, run=peer.run)


main()

"""Which kernels a numerical library runs with, and the best ones this processor has.

OpenBLAS chooses its kernels by the processor's name, when it is loaded. A version older than the processor does not know
the name and falls back to kernels of 2004, six times slower. `use_best_kernels` sees that and starts the program again
with OPENBLAS_CORETYPE, which OpenBLAS reads before it chooses.
"""
import ctypes
import os
import sys

# Cores whose kernels use 128 bits at most, while every processor with AVX2 has 256.
NARROW = {"prescott", "core2", "penryn", "nehalem", "atom", "generic", "unknown", "opteron", "opteron_sse3",
          "barcelona", "bobcat"}
# And 256 bits, for a processor with AVX-512.
MEDIUM = {"sandybridge", "haswell", "zen", "excavator", "steamroller", "piledriver", "bulldozer"}
MARK = "STEEPEST_PEER_RESTARTED"


def processor_flags():
    """Flags of /proc/cpuinfo; empty where there is none."""
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("flags"):
                    return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return set()


def openblas_in_this_process():
    """(name of the core whose kernels are in use, path) of a loaded OpenBLAS, or None."""
    try:
        with open("/proc/self/maps") as file:
            paths = sorted({line.split()[-1] for line in file if "openblas" in line})
    except OSError:
        return None
    for path in paths:
        try:
            library = ctypes.CDLL(path)
        except OSError:
            continue
        for name in ("openblas_get_corename", "openblas_get_corename64_", "scipy_openblas_get_corename64_"):
            function = getattr(library, name, None)
            if function is not None:
                function.restype = ctypes.c_char_p
                return function().decode(), path
    return None


def better_core(core, flags):
    """A core type whose kernels use this processor's vectors, where those of `core` do not; otherwise None."""
    name = core.lower()
    if "avx2" not in flags or "fma" not in flags:
        return None
    if "avx512f" in flags and "avx512dq" in flags and "avx512bw" in flags and "avx512vl" in flags:
        return "SkylakeX" if name in NARROW | MEDIUM else None
    return "Haswell" if name in NARROW else None


def use_best_kernels():
    """Call after the library is imported. Starts the program again, once, where OpenBLAS chose kernels too old."""
    found = openblas_in_this_process()
    if found is None or MARK in os.environ or "OPENBLAS_CORETYPE" in os.environ:
        return
    core = better_core(found[0], processor_flags())
    if core is not None:
        environment = dict(os.environ, OPENBLAS_CORETYPE=core)
        environment[MARK] = found[0]
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)


def kernels_of_torch(torch):
    """`AVX2; OpenBLAS SkylakeX (by itself Prescott); oneDNN`: elementwise kernels, then libraries of matrix products.

    NumPy may have an OpenBLAS of its own in the process: which one PyTorch has is in its configuration.
    """
    parts = []
    if hasattr(getattr(torch.backends, "cpu", None), "get_cpu_capability"):
        parts.append(torch.backends.cpu.get_cpu_capability())
    found = openblas_in_this_process()
    if "BLAS_INFO=mkl" in torch.__config__.show():
        parts.append("MKL")
    elif found is not None:
        before = os.environ.get(MARK)
        parts.append(f"OpenBLAS {found[0]}" + (f" (by itself {before})" if before else ""))
    if torch.backends.mkldnn.is_available():
        parts.append("oneDNN")
    return "; ".join(parts)

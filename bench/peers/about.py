"""Prints the versions of the peers and the kernels that they run with."""
import jax
import optax
import torch

from kernels import kernels_of_torch, use_best_kernels
from serve import cores

use_best_kernels()
print(f"PyTorch {torch.__version__}: {kernels_of_torch(torch)}; {cores()} cores")
print(f"JAX {jax.__version__} with optax {optax.__version__}: XLA on {jax.devices()[0].platform}")

import { readFileSync } from "node:fs";

const AVX512 = ["avx512f", "avx512dq", "avx512bw", "avx512vl"];

/**
 * The value of OPENBLAS_CORETYPE for a processor, from the text of /proc/cpuinfo; undefined where OpenBLAS's own choice is
 * good. It chooses by the processor's name, and a version older than the processor falls back to kernels of 2004, six times
 * slower (0.3.21 of Debian 12 on an Emerald Rapids: 39 GFLOP/s instead of 223). Processors of AMD without AVX-512
 * are recognised by their family.
 */
export function openblasCore(cpuinfo: string): string | undefined {
  const line = (name: string): string =>
    new RegExp(`^${name}\\s*:(.*)$`, "m").exec(cpuinfo)?.[1]?.trim() ?? "";
  const flags = new Set(line("flags").split(/\s+/));
  if (!flags.has("avx2") || !flags.has("fma")) return undefined;
  if (AVX512.every((flag) => flags.has(flag))) return "SkylakeX";
  return line("vendor_id") === "AuthenticAMD" ? undefined : "Haswell";
}

/** Sets OPENBLAS_CORETYPE for this process, unless it is set; OpenBLAS reads it once, when it is loaded. */
export function chooseOpenblasCore(): void {
  if (process.platform !== "linux" || process.env.OPENBLAS_CORETYPE !== undefined) return;
  let cpuinfo: string;
  try {
    cpuinfo = readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return; // not mounted: what OpenBLAS chooses is used
  }
  const core = openblasCore(cpuinfo);
  if (core !== undefined) process.env.OPENBLAS_CORETYPE = core;
}

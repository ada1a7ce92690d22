#!/usr/bin/env bash
# Two ranks in network namespaces of their own, joined by a virtual Ethernet of limited bandwidth, beside one process: are losses and weights
# the same, and what does the network cost? As root, with Open MPI, iproute2 and the kernel's tbf.
#
#   bash bench/ranks/namespaces.sh 1gbit [steepest train flags …]      # a rate as tc has it, or none
set -euo pipefail
cd "$(dirname "$0")/../.."
rate=${1:?usage: namespaces.sh RATE|none [steepest train flags]}
shift
job=(--model tiny --width 128 --depth 4 --context 64 --batch 4 --steps 30 --eval-every 30 --eval-batches 1 --optimizer muon --sample-tokens 0 --threads 1 "$@")
here=$(mktemp -d)
ends=(steepest-a steepest-b)
finish() {
  for end in "${ends[@]}"; do
    ip netns pids "$end" 2>/dev/null | xargs -r kill 2>/dev/null || true
    ip netns del "$end" 2>/dev/null || true
  done
  rm -rf "$here"
}
trap finish EXIT
for end in "${ends[@]}"; do ip netns add "$end"; done
ip link add wire netns steepest-a type veth peer name wire netns steepest-b
for i in 0 1; do
  inside=(ip netns exec "${ends[$i]}")
  "${inside[@]}" ip addr add "10.77.0.$((i + 1))/24" dev wire
  "${inside[@]}" ip link set lo up
  "${inside[@]}" ip link set wire up
  [ "$rate" = none ] || "${inside[@]}" tc qdisc add dev wire root tbf rate "$rate" burst 256kb latency 50ms
done
# How mpirun gets to the other end, where it would use ssh: the first word is the host.
printf '#!/bin/sh\nshift\nexec ip netns exec steepest-b sh -c "$*"\n' >"$here/agent"
chmod +x "$here/agent"
sent() { ip netns exec steepest-a cat /sys/class/net/wire/statistics/tx_bytes; }
node packages/lab/bin/steepest.js train "${job[@]}" --ranks 1 --accumulate 2 --out "$here/one" >"$here/log" 2>&1 || { cat "$here/log"; exit 1; }
before=$(sent)
ip netns exec steepest-a mpirun --allow-run-as-root --mca plm_rsh_agent "$here/agent" --mca btl tcp,self \
  --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 --host 10.77.0.1:1,10.77.0.2:1 -n 2 -x PATH \
  node packages/lab/bin/steepest.js train "${job[@]}" --out "$here/two" >"$here/log" 2>&1 || { cat "$here/log"; exit 1; }
node - "$here" "$rate" "$(($(sent) - before))" <<'END'
const { readFileSync } = require("node:fs");
const [folder, rate, bytes] = process.argv.slice(2);
const lines = (run) => readFileSync(`${folder}/${run}/metrics.jsonl`, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const [one, two] = [lines("one"), lines("two")];
const weights = (run) => readFileSync(`${folder}/${run}/checkpoints/step-${one.length - 1}/params.safetensors`);
const same = one.every(({ loss, valLoss }, i) => loss === two[i].loss && valLoss === two[i].valLoss) && weights("one").equals(weights("two"));
const median = (run) => run.slice(4).map(({ ms }) => ms).sort((a, b) => a - b)[(run.length - 4) >> 1];
const { parameters } = JSON.parse(readFileSync(`${folder}/two/summary.json`, "utf8"));
console.log(`${rate}: losses and weights ${same ? "are those of one process" : "DIFFER"}; ${median(two).toFixed(0)} ms a step, one process ${median(one).toFixed(0)}; ` +
  `${(bytes / (one.length - 1) / 1e6).toFixed(2)} MB sent a step by each end, 4 bytes of ${(parameters / 1e6).toFixed(2)} M parameters are ${(4 * parameters / 1e6).toFixed(2)}`);
process.exitCode = same ? 0 : 1;
END

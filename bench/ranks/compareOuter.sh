#!/bin/sh
# Losses of the default job with 2 ranks that make every step together, and with an outer step every 10 and 30: a line of JSON for
# each run. `sh bench/ranks/compareOuter.sh FOLDER 300`
set -e
folder=${1:-runs/outer}
steps=${2:-300}
bin=$(dirname "$0")/../../packages/lab/bin/steepest.js
for optimizer in muon adamw; do
  for every in 1 30 10; do
    outer=
    [ "$every" = 1 ] || outer="--outer-every $every"
    node "$bin" train --optimizer $optimizer --steps "$steps" --eval-every 30 --sample-tokens 0 --checkpoint-every 0 \
      --ranks 2 --threads 1 $outer --out "$folder/$optimizer-$every" --json
  done
done

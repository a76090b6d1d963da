#!/bin/sh
# Trains in the background, in a session of its own, with an allocator that keeps its memory between steps.
# usage: training/run.sh NAME OPTION...      (configuration training/configs/NAME.json, results in .runs/NAME,
#                                             options of training.train, as --minutes 92 or --steps 8000)
set -eu
cd "$(dirname "$0")/.."
if [ $# -lt 3 ]; then
    sed -n '3,4s/^# //p' "$0" >&2
    exit 2
fi
name=$1
shift
mkdir -p ".runs/$name"
# Threads that wait for each other spin briefly, which is fast, and then sleep, which leaves the data worker its time.
export GOMP_SPINCOUNT=200000 OPENBLAS_NUM_THREADS=1
export GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000:glibc.malloc.top_pad=1000000000
setsid nohup nice -n 19 "${PYTHON:-/usr/bin/python3}" -m training.train \
    --config "training/configs/$name.json" --out ".runs/$name" "$@" \
    >> ".runs/$name/train.log" 2>&1 < /dev/null &
echo "training in process $!; log in .runs/$name/train.log"
